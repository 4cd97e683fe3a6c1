// Messages that name nobody, written before the rules: prices, hours, codes, appointments, ZIP codes, plans, fax lines. The rules
// were made with these; `harmless-later.ts` is what they were judged by.

/** A line each. */
export const HARMLESS: readonly string[] = `
How much is a cleaning without insurance?
Is a crown really $1,250.00 or does that include the root canal?
You quoted me $2,345 for two implants, is that still right?
Do you charge 150 or 175 dollars for an exam?
I paid $89.99 last time
The whitening special for $199, does it run until December 31?
What does code D2740 cost?
What is the difference between D0150 and D0120?
Can you explain D1110 and D4910 on my chart?
Is D7240 covered by Delta Dental PPO?
My estimate has codes D2750, D2950 and D3330
Are you open on 12/24/2026?
Are you closed on 11/26/2026 and 11/27/2026?
Can I come on 12/03/2026 at 3:30 pm?
I have an appointment on January 14, 2027 at 9:15
Please move my appointment from 3/4/2026 to 3/11/2026
Do you have anything on 2026-12-15?
Is the office open 8-5 on Mondays?
Are your hours 8:00-17:00 or 9:00-18:00?
We could come between 2:30 and 4:45 tomorrow
Monday 8:00 12:00, Tuesday 13:00 17:00, is that right?
Do you serve 78701?
Is 90210 in your area?
Which office is closest to zip code 10001?
We just moved to 60614, do you have a branch near there?
ZIP 02139, nearest office please
What is your fax number?
Can my doctor fax the form to you?
Is your fax still (512) 555-0199?
Is your office number 512-555-0100?
Can I reach you at 1-800-555-0123?
My insurance said to call 1-866-555-0188 to ask for the fee
The billing line 888.555.0142 never answers
I called 1 (877) 555-0111 and nobody picked up
Does the school fax back to your fax line at 512 555 0198?
Do I call 911 or you when a tooth is knocked out?
What is 988?
Is poison control 1-800-222-1222?
My order number is 482913, where is it?
Order 20261104 has not arrived
I ordered toothbrush heads, item no. 4006381333931
Do you sell Oral-B article 4210201441281?
The part number is 7340012905514, is it in stock?
Night guard model 1234567890, how do I clean it?
Serial 50012234 on my water flosser, is it recalled?
My tracking number is 9400111899223197428490
Confirmation 88213 for Tuesday, can I change it?
Invoice 1002334 looks wrong to me
I have a question about invoice #20260117-3
Ticket 5512099 is still open
The reference number is 5125550199, can you look it up?
Is ISBN 978-3-16-148410-0 the book you recommend?
My gift voucher 2026-0042 does not work
Coupon code SMILE2026 says expired
The error code was 500-1234 when I tried to log in
The questionnaire gives error 0x80070057
Which version is this, 12.4.1.2045?
The app shows build 20261104.3
How long does a cleaning take, 45 or 60 minutes?
I was told to take 500 mg of amoxicillin 3 times a day, is that before the visit?
Is 0.25 mg ok before a filling?
My son weighs 41.5 lb and is 38 inches tall
Her temperature is 101.4, can we still come?
My blood pressure was 120/80 this morning
His score was 17 of 20, what does that mean?
The M-CHAT-R/F has 20 questions, right?
Which form is for a 30 month old, ASQ-3 or ASQ:SE-2?
The PHQ-9 score is 12, who do I talk to?
How many questions are in the SCARED questionnaire, 41?
My daughter is 7 years old, when should she see a dentist?
My son is 18 months old
She turned 3 last week, does she need a cleaning?
My baby was born prematurely, does that change the questionnaire?
He was born at 32 weeks
I was born in Texas and moved here
Is it her birthday party room or the waiting room?
Do kids get something on their birthday?
Do you do birthday discounts?
We have 2 kids and need 2 appointments
3 appointments with Dr. Lee please
I need 2 crowns with Dr Patel next month
I saw Dr. Pannu twice
Who is Dr. Smith?
Is Dr. Maria Lopez still with you?
I am scared of needles
I am nervous about the drill
I'm new here
I'm looking for a pediatric dentist
I am Delta Dental insured
I am in pain
This is urgent
This is the third time I ask
This is Pannu Dental, right?
My name is spelled wrong on the form
My name is not on the list
My name is missing in the portal
Why is my name on the envelope?
What is the name of the dentist?
Do you take Delta Dental?
Do you accept Blue Cross Blue Shield of Texas?
Are you in network with Cigna DPPO 2000?
Is Aetna PPO Max accepted?
Do you take MetLife PDP Plus?
Do you take Medicaid or CHIP?
Do you accept Medicare Advantage plans?
Is Guardian group coverage accepted?
What is your cancellation policy?
Is there a policy about being 15 minutes late?
Does the policy change in 2027?
Are you a member of the American Dental Association?
I am a member of a family of 5
Do you have a membership plan for 29.99 a month?
Do you see groups of 12345 employees?
We are a group of 12 from school
What is a group practice?
What does an insurance card look like?
Should I bring my insurance card?
Do you take credit cards or only cash?
Do you accept Visa and Mastercard?
Can I pay with American Express?
Is there a fee for paying by card, 3%?
Do I need my social security number for the visit?
Why do you ask for an SSN on the form?
What is a medical record number?
Where do I find my chart?
Can I get a copy of my chart?
Do you need my date of birth?
What email should I use?
How do I change my e-mail address?
Can I email you?
Where is your address?
What is your street address?
How far are you from Main Street?
Are you on Congress Avenue?
Is the office a 5 minute drive from the airport?
It takes us 45 minutes to drive
Is there parking on 5th street?
Do I take exit 234 on I-35?
Which bus goes there, 7 or 801?
Which floor, suite 200 or 300?
Is it room 4012?
Do you open at 7 on the 3rd?
Is it look at koby.ai or koby.com?
Look at chadis.com for the forms
The page www.chadis.com does not load
I found you at example.com
Is there a discount of 10% for 2 cleanings?
I have 1,000 questions
50,000 people live here, only one dentist
Do you have 100-150 patients a day?
Do I need x-rays every 12 or 24 months?
I had braces from 2015 to 2019
I had a root canal in 2021 and a crown in 2022
My last cleaning was 6/12/2025
When I was here on 04/05/2024 you took x-rays
The warranty ended 01/31/2025
My aligners are number 14 of 22
Tooth 14 hurts, and 19 is sensitive
Numbers 1, 16, 17 and 32 are my wisdom teeth
Can tooth #30 be saved?
Is 5 mm of bone loss bad?
My deductible is $50 and my maximum is $1,500
The plan pays 100/80/50
They covered 80% of 1,240.00
My copay was 35.00
I owe 212.50, how can I pay?
Payment plan of 12 x 99.00?
CareCredit for 24 months on 3,600?
Is financing 0% for 18 months?
My lunch break is 12-1, can I come then?
Anything at 7:30?
How about 4:15 pm on Thursday the 17th?
I can do 10, 11 or 2
Can you call me at 3?
Please text me a reminder
Call me later
Can I get a call back?
My phone does not ring
I lost my phone number list
How do I change my phone number with you?
What number do I call after hours?
Which number is yours?
You have the wrong number on your site
Do you speak Spanish?
When is Dr. Lee in?
Do you use latex?
How often should I floss?
Is 1450 ppm fluoride safe?
Is toothpaste with 1000 ppm ok for a toddler?
Use 3x/day for 7 days?
The whitening gel is 35%
What are 10:10:10 rules?
1234567890
123456789
What is 4111 dollars divided by 12?
I have 16 digits on my gift card, where do they go?
How many digits has a member id?
2026-2027 school year forms
Grade 3 or 4 form?
The school code is 101912345
The district number is 227901
NPI 1245319599 is on my bill, whose is it?
What is your tax id for my FSA?
Is form 1095-B from you?
Do I need form W-9?
The CPT code 96110 was denied
What is 99213 on my bill?
ICD K02.9 means what?
Lot 40551A of the anesthetic, was it recalled?
Is the clinic at 40.7128, -74.0060?
My locker is 12-34-56
Batch 2026 11 04
We close on 12/25
Why was I charged twice on 10/02/2026 and 10/03/2026?
Statement from 09/30/2026 says 145.20
Thanks, see you on the 5th!
ok
👍
¿Cuánto cuesta una limpieza?
¿Cuánto cuesta una corona, 1.250,00 o 1.350,00?
¿Abren el 24/12/2026?
¿Están abiertos de 9:00 a 18:00?
Mi cita es el 14 de enero de 2027 a las 9:15
¿Puedo cambiar la cita del 3/4/2026?
¿Atienden en el código postal 28013?
Mi hijo tiene 7 años
Mi hija nació prematura
¿Hacen descuento de cumpleaños?
¿Aceptan tarjeta de crédito?
¿Aceptan Visa?
¿Necesito mi número de seguro social?
¿Qué seguros aceptan?
¿Cuál es su póliza de cancelación?
¿Mi grupo de 12 niños puede venir?
¿Cuál es su número de fax?
¿Cuál es su teléfono?
¿Me pueden llamar a las 3?
Me llamo igual que mi padre
Soy nueva aquí
Soy paciente desde 2019
Estoy buscando un dentista en la calle principal
¿Dónde está la clínica?
El pedido 482913 no ha llegado
La factura 1002334 está mal
El código D2740, ¿qué es?
Tengo 2 hijos y necesito 2 citas
¿A qué hora abren el 6 de enero?
Mi última limpieza fue el 12/06/2025
La muela 14 me duele
¿Tienen consulta de 8 a 2?
Gracias, hasta el martes 17
`
	.trim()
	.split("\n");

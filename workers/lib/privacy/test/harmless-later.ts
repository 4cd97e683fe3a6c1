// Messages that name nobody, by which the rules were judged once they were made: nothing was changed to please these.

/** A line each. */
export const HARMLESS_LATER: readonly string[] = `
What would a bridge over three teeth cost?
Is $3,499 for braces all in?
The flyer says $59 for exam and x-rays, still valid?
Is it 1200 or 1.200 for the implant?
I was quoted 4,875.50 elsewhere
Can you match $1,999?
Do you have a senior discount of 15%?
How is the price 120 per quadrant times 4?
What does D9944 mean on my plan of treatment?
D0274 and D0330 on one day, is that normal?
Is code D8080 paid for teenagers?
My EOB lists D0140, D0220 and D2392
Please explain the modifier on 99173
Is CPT 96127 what you bill for the questionnaire?
Do you open on 01/01/2027?
Will you be closed 05/31/2027 for Memorial Day?
Could we come on 02/17/2027 at 10:45?
My visit is February 17, 2027 at 10:45 am
Cancel the one on 4/9/2026 please
Reschedule 5/6/2026 to 5/20/2026 or 5/21/2026
Any opening on 2027-01-08?
Is it 7:30-4:30 on Fridays?
Your page says 9:00 AM to 6:00 PM, Google says 8:30 to 5:30
Lunch is 12:30-13:30, right?
Saturday 9-1?
Sun 10:00 14:00, is that true?
Nearest office to 75201?
We live in the 33139 area
Is 11211 too far?
Which location for ZIP 94110-2345?
Zip 85004 or 85006, which office?
To which fax may the pediatrician send it?
Is the fax machine broken?
Your fax 512-555-0177 is always busy
Is your phone number still 737 555 0120?
Your number (214) 555-0134 goes to voicemail
The hotline 1-855-555-0199 told me to ask you
CHIP help line is 800-555-0144, isn't it?
Toll free 1.844.555.0123 works from Mexico?
I dialed 877 555 0170 and got a recording
Is 911 right for a swollen face?
Do I dial 9 first?
Where is my order 5530129?
Order no. 100455812 was damaged
Shipment 1Z999AA10123456784 is late
Do you carry item 3014260021436?
Article number 8710103901556 out of stock?
SKU 774421 in blue please
Model 7700123456, which brush head fits?
Serial number 20077431, warranty?
Confirmation number 7741290 for Wednesday
Reference 9145550101 from the web form
Invoice 7781203 was paid
Invoice no. 2026-11-0087 twice?
Case 00451277 from support
Quote 55120 expires when?
ISBN 0-306-40615-2, do you have it?
Voucher 7412-2026 from the fair
Promo BRIGHT20 not accepted
Error 404-0012 on the form page
It says HTTP 502 5xx again
Firmware 3.14.1592
Is build 2026.11.29 the newest?
30 or 45 minutes for a filling?
Ibuprofen 600 mg every 6 hours, ok with anesthesia?
5 ml twice daily?
She is 22.7 kg and 118 cm
Fever of 39.2, should we cancel?
His BP is 135/85
The total was 23 out of 40
Does the Vanderbilt have 55 questions?
Is the PSC-17 for age 4-17?
SWYC at 9, 12 and 15 months?
GAD-7 of 14, is that high?
How long is the CRAFFT 2.1?
My twins are 4 years old
He is 11 and a half
Baby is 6 months, first tooth at 5 months
She was born with a cleft lip
My grandson was born early, at 29 weeks
I was born with small teeth
Birthday coming up, can we decorate?
Is there a birth plan form?
Our anniversary is on 06/18/2027, can I get whitening before?
5 people in my family need visits
4 fillings with Dr. Wong, one day?
2 visits with Dr Alvarez in 3 weeks
I like Dr. Nguyen
Is Dr. John Carter a specialist?
Who is Doctor Kim?
I am afraid of pain
I am worried about the cost
I am pregnant
I'm late, sorry
I'm confused about the forms
I am Hispanic, do you speak Spanish?
This is ridiculous
This is Not Working
This is my second message
My name is wrong in your system
My name is already in the list
My name is too long for the form
What name is on the door?
Whose name do I put on the form?
Is Humana accepted?
Do you take United Healthcare dental?
Are you in network with Ameritas 1500?
Is Principal plan 3000 ok?
BCBS Federal FEP Blue Dental?
Do you accept TRICARE?
Is MassHealth taken?
Do you work with Medicare at all?
Is my group plan enough?
What is your privacy policy?
Late policy is 10 minutes?
Do policies renew on 01/01?
Who is a member of the team?
Can members get 20 percent off?
Membership for 349 a year?
A group of 300 students, can you visit our school?
Group rates for 15?
Which insurance card do you need?
I lost my insurance card
Do you keep credit cards on file?
Debit or credit, which is better?
Discover or Amex?
Is there a 2.9% fee for cards?
Must I tell my social security number?
Is an SSN required for kids?
What is an MRN?
Are charts kept for 7 years?
How do I ask for my child's chart?
Is a birth date needed to book?
Which e-mail do you write from?
Did my email arrive?
Can I get the forms by email at home?
What address do I send the form to?
Is the address on Google right?
Are you near Lamar Boulevard?
Is it close to Riverside Drive?
About 20 minutes drive from downtown?
I drive 2 hours each way
Parking on 12th street?
Exit 12B or 14A?
Take bus 20 or 100?
Suite 110?
Third floor, room 3015?
Open till 8 on the 2nd?
See koby.ai for details?
I read about you at healthline.com
Is forms.chadis.com down?
15% off two people?
2,500 reviews, impressive
About 300-400 steps from the station
Every 6 or 12 months?
Braces 2016-2018, retainer since
Filling in 2020, crown 2023
Last x-ray 8/8/2025
On 07/19/2024 I had a deep cleaning
Policy ended 12/31/2025, new one from another company
Tray 9 of 30
Teeth 8 and 9 chipped
Extract 1, 16, 17, 32?
#19 needs what?
6 mm pockets?
Deductible 75, maximum 2000
It pays 100/60/40
50% of 890.00 is 445.00
Copay 20.00 twice
Balance 1,045.75
10 x 150.00 possible?
3,200 over 36 months?
0% for 12 months?
Between 12 and 1?
7:15 or 7:45?
4 pm Friday the 18th
9, 10, 11 any
Call at 4?
Text or call?
Call me back please
Could someone ring me tomorrow?
My phone died
I changed phones
Where do I update my number?
Emergency number at night?
Whose number is on the card?
The number on Yelp is wrong
Hablan español?
Is Dr. Pannu in on Monday?
Nitrous for kids?
Brush 2 minutes 2 times?
5000 ppm paste?
500 ppm for babies?
Rinse 30 seconds for 14 days
Gel 16% or 22%?
Rule 20-20-20?
9876543210
987654321
What is 5500 / 24?
Gift card has 19 digits, why?
How long is a policy number?
Forms for 2027-2028
Sixth grade physical form?
School 015907101
District 105902
NPI 1902845566 on the claim form, who is it?
Your EIN for my HSA?
1099 or W-2 for the job?
Form 3231 for Georgia
What is 92551?
K05.10 on the letter?
Lot 77120B recalled?
30.2672, -97.7431 is your office?
Combination 45-12-33 for the gym locker
2026 11 29 is today
Closed 7/4?
Charged on 08/14/2026 twice
Statement 06/30/2026: 87.10
See you at 10!
hello
😀😀
¿Cuánto vale un implante?
¿Son 2.400,00 con IVA?
¿Abren el 06/01/2027?
¿De 8:30 a 17:30?
Mi cita es el 17 de febrero de 2027
Cambiar el 9/4/2026 por el 16/4/2026
¿Código postal 08001?
Mi hija tiene 4 años
Mi nieto nació con 29 semanas
¿Regalan algo por el cumpleaños?
¿Tarjeta o efectivo?
¿Se paga con tarjeta a plazos?
¿Piden el seguro social de los niños?
¿Trabajan con Sanitas o Adeslas?
¿Política de privacidad?
¿Un grupo de 30 alumnos?
¿A qué fax lo mando?
¿Este es el teléfono de urgencias?
¿Me llaman a las 5?
Me llamo igual que mi hermana
Soy mayor de 65
Soy alérgica al látex
¿Están en la avenida grande?
¿Hay aparcamiento en la calle 12?
Pedido 5530129, ¿dónde está?
Factura 7781203 pagada
¿Qué es D9944?
3 hijos, 3 citas
¿Abren el 12 de octubre?
Radiografía del 08/08/2025
Las muelas 16 y 17
De 9 a 1
Hasta el viernes 18
`
	.trim()
	.split("\n");

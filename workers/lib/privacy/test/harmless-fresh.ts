// Messages that name nobody, written by somebody who had not seen the rules.

/** A line each. */
export const HARMLESS_FRESH: readonly string[] = `
How much is a cleaning? I saw $129.99 online
Are you open 8:00-17:30 on Monday?
Do you open 8am - 5pm Mon-Fri?
What is CPT 96110 for?
Is 96127 billed with 99393?
ICD-10 F90.0 and Z00.129
Item 14 of the M-CHAT-R/F says 'no'
question 9 on the PHQ-9
The SWYC 18 months form
ASQ-3 30 month questionnaire
My appointment is on 12/15/2026 at 3:30 pm
Can we come on March 3rd, 2027?
the appointment of 2026-12-01 was moved
cita el 15 de diciembre de 2026
my son is 4 years old
she is 18 months and 2 weeks
mi hijo tiene 5 años
mi hija está enferma
my son is sick today
my son is called in for a second visit
The score was 12 out of 20
GAD-7 score of 15
T-score of 65, percentile 93
what does error 403 mean?
error code 1000234
Windows 11 version 23H2
Chrome 131.0.6778.86
It takes 15-20 minutes
invoice 2026-118
Who is Dr. Smith?
Do you take Delta Dental PPO?
Is Blue Cross accepted?
Do you accept Medicaid?
What is a member id and where do I find it?
Where do I find my MRN?
I forgot my date of birth entry, how do I change it?
how do I change the phone number on my account?
how do I reset my email address
1,250,000 patients in 2024
dosage 2.5 mL every 4-6 hours
ibuprofen 100 mg/5 mL
weight 42 lb 6 oz, height 3'4"
temperature 101.3 F since 2 days
do you have parking at the building?
Which street are you on?
open from 9 to 5 on weekdays
abierto de 9 a 14 y de 16 a 20
cuesta 1.250,00 € al año
the NPI field is required?
42 CFR 2.31 and 45 CFR 164.514
page 2 of 3, section 4.1
between 2019 and 2024
version 2.10.4 of the app
call 911 or 988?
this is great, thank you
this is Monday's appointment
I am Happy with the service
my name is not shown on the form
room 204 on the 3rd floor
I have 3 kids aged 2, 5 and 11
My son Monday has an appointment
My Son Has A Fever
my daughter Can she eat?
my son has Medicaid
my kid Vanderbilt form is missing
my son Tylenol dose?
our boy Is it normal?
We have two, three or four kids
call one two three
my son is one of three
one two three four five six seven eight nine ten, count to ten
born in march two thousand nineteen visits
appointment on march fourteenth two thousand twenty seven
mi hijo Tiene fiebre
My child Medicaid card
my baby DOB field is blank
medical record number from 10-29-2024 visit
my 3-year-old son is sick
my son and I
My daughter School form
my kid ADHD rating scale
mi hijo Dr. Lee
`
	.trim()
	.split("\n");

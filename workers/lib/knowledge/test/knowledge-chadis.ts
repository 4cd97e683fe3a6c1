import type { Article } from "./knowledge-articles.ts";

export const CHADIS_ARTICLES: readonly Article[] = [
	{
		id: "register",
		title: "Creating a parent account",
		body: `Parents and legal guardians create an account on the registration page with an e-mail address and a password of at least ten characters. You will also be asked for your name, your relationship to the patient and the invitation code that your clinic printed on its letter.

The code ties your account to the right practice. Without one, choose the practice from the list by name and postcode. Afterwards confirm the e-mail address through the message we send; then enter your child's date of birth and begin.`,
	},
	{
		id: "family",
		title: "Several children and more than one caregiver",
		body: `One account serves the whole family. Open "My children", choose "Add a child", and enter the name and date of birth of each brother or sister; the questionnaires of each child are kept apart.

Another caregiver, such as the other parent, a step-parent or a grandparent, can answer too. Choose "Invite a caregiver" and give their e-mail address. They use an account of their own and do not see your answers unless you share them.`,
	},
	{
		id: "password",
		title: "Trouble signing in",
		body: `If you have forgotten your password, choose "Forgot password" on the sign-in page. We send a link to the address of your account that works for one hour. Your user name is that same e-mail address.

After five failed attempts the account is locked for 30 minutes. Setting a new password unlocks it at once. If you no longer have access to your mailbox, your clinic can change the address for you.`,
	},
	{
		id: "privacy",
		title: "Privacy and who can see answers",
		body: `Only the practice that requested a questionnaire can see your answers. Teachers, schools, insurers and employers have no access, and we never sell data or use it for advertising.

Everything is encrypted on its way to us and in storage. As a business associate of your clinic we follow the HIPAA rules and the laws of your state; every look at a record is logged.`,
	},
	{
		id: "devices",
		title: "Phones, tablets and computers",
		body: `CHADIS runs in the browser of any recent phone, tablet or computer; nothing needs to be installed. We support the current and previous versions of Chrome, Safari, Firefox and Edge on Android, iOS, Windows and macOS.

Questions with a table are easier to answer when a phone is held sideways. If pages stay blank, switch off ad blockers and allow cookies.`,
	},
	{
		id: "languages",
		title: "Questionnaires in other languages",
		body: `Most questionnaires exist in English and Spanish, and many in Arabic, Chinese, French, Haitian Creole, Portuguese, Russian and Vietnamese. Choose the language at the top of each page before you begin; it can be different for every caregiver.

Only validated translations are offered. Where a questionnaire has not been translated, your clinic can read the questions to you with an interpreter.`,
	},
	{
		id: "invitation",
		title: "The invitation from your clinic",
		body: `Your clinic invites you by e-mail or text message about a week before an appointment. If nothing has arrived, look in the spam folder and check that the clinic has your current address and mobile number.

The link in an invitation expires after 30 days or when the questionnaires have been sent. The clinic can issue a new one at any time; we cannot do this ourselves.`,
	},
	{
		id: "fees",
		title: "What CHADIS costs",
		body: `Families never pay: the service is free for parents, teachers and patients. Practices buy a yearly subscription for each clinician, and school districts and research projects get a quote.

Clinics can often bill insurers for the screening under CPT codes 96110 and 96127; a visit may therefore appear on the statement from your health plan.`,
	},
	{
		id: "completing",
		title: "Completing a questionnaire",
		body: `Open the link, choose the child and answer one question after another. Most questionnaires need between five and fifteen minutes; the first page says how many questions there are.

Answers are saved as you give them. You may pause at any time and carry on later from the same place, even on another device, until the due date on the first page. A progress bar shows what is left.`,
	},
	{
		id: "results",
		title: "What becomes of the results",
		body: `When you send a questionnaire, it is scored at once and a report goes to your clinician, who talks it over with you at the visit. With the clinician's permission the report also appears under "My results".

A screening result is not a diagnosis. A score above the cut-off says that a closer look is worthwhile, for instance at development, attention, mood or signs of autism; many children with such a score turn out to be well.`,
	},
	{
		id: "teachers",
		title: "Asking a teacher or day-care provider",
		body: `For questions about attention and behaviour it helps to hear from people who know the child in a group. Choose "Invite a teacher", enter the school e-mail address and send.

Teachers get a link of their own and rate the child in about ten minutes. They see neither your answers nor the report. You can withdraw the invitation until the form has been sent.`,
	},
	{
		id: "records",
		title: "Integration with electronic health records",
		body: `For practices: CHADIS exchanges data with Epic, Cerner, athenahealth, eClinicalWorks and other systems through HL7 or FHIR. Appointments come in each night and assign the questionnaires due; scores and PDF reports are written back to the chart.

Setting up an interface takes four to eight weeks. Your vendor's project manager and our integration team agree on a date.`,
	},
	{
		id: "crisis",
		title: "In an emergency",
		body: `Answers are not read round the clock. If someone's life is in danger, dial 911. For thoughts of suicide or self-harm, call or text the 988 Suicide & Crisis Lifeline, day or night.

Some answers, for instance about suicidal thoughts, make us alert the clinic at once, but it may be closed: do not wait for a call.`,
	},
	{
		id: "closing",
		title: "Closing an account and deleting data",
		body: `To close your account, open "Settings" and choose "Delete my account". Your sign-in stops working immediately, and your personal data are erased within 30 days.

Reports that a clinic has already received are part of the medical record. The law obliges the clinic to keep them for years; please address requests about them to the clinic.`,
	},
	{
		id: "training",
		title: "Training and credits for staff",
		body: `Practices that subscribe get a 90-minute live introduction for clinicians, nurses and front-desk staff, then weekly webinars and a library of short videos.

Physicians can earn MOC Part 4 points and CME credits through quality-improvement projects in CHADIS. Dates are in the education centre; write to the training team for a session of your own.`,
	},
];

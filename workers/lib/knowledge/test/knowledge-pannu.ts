import type { Article } from "./knowledge-articles.ts";

export const PANNU_ARTICLES: readonly Article[] = [
	{
		id: "hours",
		title: "Opening hours",
		body: `The practice is open Monday to Thursday from 8 am to 6 pm, on Friday from 8 am to 3 pm and on Saturday from 9 am to 1 pm. We rest on Sundays and public holidays.

The telephone is answered from half past seven. Between Christmas and New Year we have shorter hours, which we announce on the home page.`,
	},
	{
		id: "directions",
		title: "Finding us and parking",
		body: `You will find Pannu Dental at 214 Orchard Avenue, on the ground floor of the Maple Building, opposite the library. Bus lines 7 and 22 stop in front of the house.

Patients park free of charge behind the building for two hours; take a ticket and have it stamped at the reception. Two spaces beside the entrance are reserved for people with disabilities.`,
	},
	{
		id: "first-visit",
		title: "New patients and the first visit",
		body: `We gladly take new patients, and no referral is needed. Plan about an hour: we take X-rays where they are due, examine teeth and gums, and talk through a plan with you.

Please bring a photo ID, your insurance card and a list of medicines and allergies. The medical history form can be completed online beforehand; otherwise come ten minutes early.`,
	},
	{
		id: "booking",
		title: "Making an appointment",
		body: `Book online at any time, or call the reception. The calendar shows free times of all dentists and hygienists for the next three months; a confirmation comes by e-mail and a reminder two days before.

For a treatment that needs more than an hour, the reception calls you back to agree on a date.`,
	},
	{
		id: "cancelling",
		title: "Cancelling or changing an appointment",
		body: `If something comes up, tell us at least 24 hours ahead by telephone or through the link in the reminder, and we will find another time.

For appointments that are missed or cancelled later than that we bill a fee of 50 dollars. In cases of illness we waive it.`,
	},
	{
		id: "insurance",
		title: "Insurance plans",
		body: `We are in network with Aetna, Cigna, Delta Dental PPO, Guardian and MetLife, and file claims with all other PPO plans as an out-of-network practice. We do not take Medicaid or HMO plans.

Give us the member number before your visit, and we check the benefits and tell you your share beforehand.`,
	},
	{
		id: "payment",
		title: "Prices and payment",
		body: `An examination with X-rays is 120 dollars, a filling 180 to 320 dollars depending on its size, a crown from 1,250 dollars. Before any larger treatment you receive a written estimate.

We take cash, cards and HSA or FSA cards. Amounts over 500 dollars can be spread over 6 or 12 months without interest through CareCredit.`,
	},
	{
		id: "emergency",
		title: "Dental emergencies",
		body: `Severe pain, swelling, bleeding that does not stop or a broken tooth: call us, and we will see you on the same day. Outside our hours the recording names the dentist on duty.

A tooth that has been knocked out can often be saved within an hour. Hold it by the crown, do not scrub it, keep it in milk and come at once.`,
	},
	{
		id: "children",
		title: "Care for children",
		body: `Bring your child for the first time when the first tooth appears, and by the first birthday at the latest. Early visits are short and playful: we count teeth, and nobody has to open wide.

From six on we seal molars and apply fluoride. A parent may stay in the room throughout.`,
	},
	{
		id: "whitening",
		title: "Whitening",
		body: `Professional bleaching lightens teeth by several shades. In the chair it takes 90 minutes; with custom trays at home, two weeks. Fillings and crowns keep their colour.

Before whitening we check that there is no decay. Teeth may be sensitive to cold for some days. It is not advised during pregnancy.`,
	},
	{
		id: "check-up",
		title: "Check-ups and professional cleaning",
		body: `For most adults we recommend an examination and a cleaning every six months; with gum disease, every three to four. The hygienist removes plaque and tartar, polishes the teeth and shows you where the brush does not reach.

A session takes 45 minutes. Most plans cover two a year in full.`,
	},
	{
		id: "implants",
		title: "Implants, bridges and dentures",
		body: `Missing teeth can be restored by an implant, a bridge or a denture. An implant is a titanium screw that takes the place of the root; it heals for three to six months before it carries a crown. A bridge rests on the neighbouring teeth and is ready in two weeks.

Which of them suits you depends on the bone, your health and your budget. The consultation includes a 3D scan.`,
	},
	{
		id: "anxiety",
		title: "For anxious patients",
		body: `Many people are afraid of the dentist. Tell us: we plan more time, explain every step and stop when you raise your hand. Music and a blanket help more than one would think.

We also offer laughing gas and, for longer treatments, a sedative tablet. After the tablet somebody has to take you home.`,
	},
	{
		id: "aftercare",
		title: "After an extraction",
		body: `Bite on the gauze for 30 minutes and rest for the day. Cool the cheek from outside. Until the numbness is gone, have only cool drinks, without a straw; for the following days soft food such as yoghurt, eggs or soup.

Do not smoke or rinse hard for three days. If bleeding or pain gets worse after the second day, call us.`,
	},
	{
		id: "transfer",
		title: "Your records",
		body: `Your records belong to you. Sign the release form at the reception or online, and we send X-rays and notes to your new practice or to a specialist within five working days, free of charge.

If you come from elsewhere, we gladly request your records there.`,
	},
];

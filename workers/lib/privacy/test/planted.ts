// Messages with something in them that tells who somebody is, written before the rules. What must be gone stands in braces; the word
// before the bar is the mark that takes its place. The rules were made with these; `planted-later.ts` is what they were judged by.

/** A message as a visitor writes it, what of it must not remain, and the mark that each is replaced by. */
export interface Planted {
	kind: string;
	text: string;
	secrets: readonly string[];
}

/** Reads lines of the form `kind|text with {what must be gone}`. */
export function plantedLines(lines: string): Planted[] {
	return lines
		.trim()
		.split("\n")
		.map((line) => {
			const [kind = "", ...rest] = line.split("|");
			const marked = rest.join("|");
			const secrets = [...marked.matchAll(/\{([^}]+)\}/g)].map(([, secret = ""]) => secret);
			return { kind, text: marked.replaceAll(/[{}]/g, ""), secrets };
		});
}

export const PLANTED: readonly Planted[] = plantedLines(`
ssn|My social security number is {219-09-9914}
ssn|SSN: {219 10 8821}
ssn|here is my ssn {219118832} for the form
ssn|{457-55-5462} is the number you asked for
ssn|my social is {457.56.5473}, ok?
ssn|the kids ssn's are {457-57-5481} and {457-58-5490}
ssn|Social Security # {４５７-５９-５５０１}
ssn|soc sec no. {460–12–7745}
ssn|ssn {460​-13-​7756} please
ssn|mi número de seguro social es {460 14 7767}
ssn|seguro social: {460157778}
ssn|the last four of my social are {8843}
ssn|my itin is {912-78-4456}
card|my card is {4111 1111 1111 1111}
card|charge {5555555555554444} please
card|visa {4012-8888-8888-1881} exp 04/29
card|amex {3782 822463 10005}
card|{378282246310005} is the amex
card|Use {6011 1111 1111 1117}, it is a Discover
card|mastercard {2223.0031.2200.3222}
card|Diners {3056 930902 5904}
card|{４２４２ ４２４２ ４２４２ ４２４２} works?
card|pay with {4000-0566-5566-5556}, thanks
card|mi tarjeta es {5105 1051 0510 5100}
card|número de tarjeta: {4917610000000000}
card|card number {4111 1111 1111 1112} got declined
card|card {4263982640269299} cvv {837}
card|security code is {4419} for the amex
birth_date|my date of birth is {04/12/1987}
birth_date|DOB {4-13-87}
birth_date|dob: {1987-04-14}
birth_date|I was born on {April 15, 1987}
birth_date|My son was born {16 April 2019}
birth_date|her birthday is {Apr 17th, 2015}
birth_date|D.O.B. {04.18.2016}
birth_date|patient born {04191988} needs a visit
birth_date|{4/20/1990} is my birthdate
birth_date|birthdate = {1991/04/21}
birth_date|fecha de nacimiento {22/04/1985}
birth_date|nací el {23 de abril de 1986}
birth_date|mi hija nació el {24-04-2018}
birth_date|F. nac.: {25.04.2017}
birth_date|cumpleaños {26 abril 1999}
phone|call me at {512-555-0147}
phone|my number is {(512) 555-0148}
phone|{512.555.0149} is my cell
phone|text me {5125550150}
phone|+1 {512 555 0151} works best
phone|my cell: {1-512-555-0152}
phone|{+15125550153}
phone|reach me on {+44 20 7946 0958}
phone|you can ring {512/555/0154} after five
phone|phone {(512)555-0155} ext 12
phone|My husband's number {512 555-0156}
phone|call {555-0157} after 5
phone|{５１２-５５５-０１５８} call me
phone|cell {512​555​0159}
phone|please phone {5 1 2 5 5 5 0 1 6 0}
phone|mi teléfono es {512 555 0161}
phone|llámame al {612 345 678}
phone|mi celular {55 1234 5678}
phone|móvil {+34 612 34 56 79}
phone|whatsapp {+52 1 55 1234 5680}
phone|my fax is {512-555-0163}
email|my email is {jane.doe@example.com}
email|write to {jane_doe+kids@mail.example.org} please
email|{JANE.DOE@EXAMPLE.NET}
email|{jane1 @ example.com}
email|mail {jane dot roe at gmail dot com}
email|{jane.roe2 at gmail.com}
email|{jane(at)roe.example.com} is mine
email|{janeroe [at] yahoo [dot] com}
email|contact {janeroe3＠example．com}
email|{jane​roe4@exam​ple.com}
email|mi correo es {maria.lopez@ejemplo.es}
email|{maria arroba ejemplo punto com}
email|correo: {maria.lopez2 arroba gmail.com}
email|{maria guion bajo lopez3 arroba hotmail punto com}
email|<{o'neil.jane@example.co.uk}>
mrn|my MRN is {00482913}
mrn|mrn: {A482914}
mrn|MRN#{MR-482915}
mrn|medical record number {482-91-67}
mrn|chart number {C4829168}
mrn|chart # {482917}
mrn|patient id {P4829-18}
mrn|patient number is {4829193}
mrn|{4829204} is my chart number
mrn|my account number with you is {7748291}
mrn|Número de expediente {4829215}
mrn|historia clínica nº {HC482922}
mrn|mi número de paciente es {4829237}
insurance_id|member id {W123456780}
insurance_id|my member number is {902 113 447}
insurance_id|Subscriber ID: {ZGP882913445}
insurance_id|policy number {POL-7782913}
insurance_id|policy # {77829140}
insurance_id|group number {0071234-001}
insurance_id|Group No. {G71235}
insurance_id|insurance id {XEA910077432}
insurance_id|{H9100775-01} is my member id
insurance_id|my insurance number's {88 2913 4460}
insurance_id|claim number {2026110477}
insurance_id|Medicaid ID {527719043}
insurance_id|número de póliza {8829134471}
insurance_id|póliza: {PZ-8829134}
insurance_id|número de afiliado {AF7719044}
insurance_id|mi número de asegurado es {10077434}
insurance_id|member id is {１２３９９８７７６}
medicare_id|my Medicare number is {1EG4-TE5-MK72}
medicare_id|{1EG4TE5MK73}
medicare_id|medicare {1eg4 te5 mk74}
medicare_id|MBI: {2A00-C00-DD11}
medicare_id|{9AA9AA9AA99} is on the card
medicare_id|tarjeta medicare {3C12-DE4-FG56}
address|I live at {4512 Oak Hill Drive}, what now
address|My address is {12 Elm St}
address|{1600 N Lamar Blvd Apt 4B}
address|mail it to {77 W 35th Street, Austin, TX 78703}
address|we moved to {900 San Jacinto Ave}, nearby?
address|i live at {318 maple avenue}
address|send to {P.O. Box 4417}
address|address: {22-14 Jackson Ave}
address|{5 Martin Luther King Jr Blvd}
address|we are in {Round Rock, TX 78664}
address|vivo en la {calle Mayor 12}
address|mi dirección es {Avenida Reforma 222}
address|{C/ Serrano 45}
name|My name is {Jane Roe} and I need a visit
name|my name is {priya}
name|Hi, I am {Marcus Bellweather}
name|This is {Olga Petrenko}, calling about a bill
name|My son's name is {Theo Bellweather}
name|patient name: {Anneliese Krause}
name|my daughter is called {Saoirse}
name|I'm {Desmond O'Hara}
name|me llamo {Guadalupe Ortega}
name|mi nombre es {Joaquín Barrios}
name|Soy {Ximena Villalobos}
name|mi hijo se llama {Ignacio}
`);

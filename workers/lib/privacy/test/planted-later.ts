import { plantedLines } from "./planted.ts";
import type { Planted } from "./planted.ts";

// As `planted.ts`; the rules were judged by these once they were made, and nothing was changed to please them.

export const PLANTED_LATER: readonly Planted[] = plantedLines(`
ssn|Do you need my social? It's {521-34-7710}
ssn|{521 35 7721} (SSN)
ssn|ssn={521367732}
ssn|Her Social Security no is {521-37-7743}.
ssn|social security number: {521.38.7754}
ssn|is {522-39-7765} in your system?
ssn|SSN {５２２ ４０ ７７７６}
ssn|ss# {522—41—7787}
ssn|last 4 of ssn: {7798}
ssn|NSS {523 42 7709}
ssn|mi seguro social {523-43-7712}
ssn|el número de seguro social de mi hijo: {523447723}
card|can you run {4485 2757 4230 8327}?
card|{5425233430109903} 12/28
card|MC {5425-2334-3010-9911} zip 78701
card|My Amex: {3714-496353-98431}
card|Discover {6011000990139424}
card|{6011.6011.6011.6611}
card|new card {4929 4212 3460 0821} please update
card|debit {4532015112830366}
card|{４９１６ ３３８５ ０６０８ ２８３２}
card|tarjeta de crédito {4539 5787 6362 1486}
card|cargue a la {5100-0000-0000-0008}
card|my credit card number {4539578763621487} is refused
card|CVC: {318}
birth_date|DOB: {07/22/1979}
birth_date|date of birth - {7/23/79}
birth_date|born {1979-07-24}, female
birth_date|birthday: {July 25 1979}
birth_date|He was born on the {26th of July 2014}
birth_date|Birth date {27 Jul 2013}
birth_date|{07-28-1980}, that's my dob
birth_date|my kid (born {7/29/2020}) has a cough
birth_date|DoB {07.30.1981}
birth_date|bday {7/31/1982}
birth_date|naciste? nací {01/08/1983}
birth_date|fecha de nacimiento: {2 de agosto de 1984}
birth_date|nacida el {03-08-2016}
birth_date|nacido {04.08.2017} en Austin
phone|Please call {737-555-0181}
phone|Mobile {(737) 555-0182}
phone|{737.555.0183}
phone|my phone number: {7375550184}
phone|{+1 (737) 555-0185}
phone|1{7375550186} is my cell
phone|home {737 555 0187} work {737 555 0188}
phone|sms {737-5550189}
phone|my mom's cell is {737‑555‑0190}
phone|{７３７　５５５　０１９１}
phone|leave a message on {555 0192}, my landline phone
phone|WhatsApp: {+49 151 23456789}
phone|try {+33 6 12 34 56 78}
phone|teléfono {737-555-0193}
phone|mi número es {737 555 0194}
phone|llamar al {91 234 56 78}
phone|tel. {7375550195}
phone|cel {737.555.0196}
email|{sam.poe@example.com}
email|e-mail: {SamPoe1@Example.ORG}
email|mailto:{sam-poe2@sub.example.io}
email|send forms to {sam.poe3@example.health}!
email|{sampoe4 at outlook dot com}
email|{sam poe5 at icloud dot com}
email|{sampoe6(at)example(dot)com}
email|{sam_poe7 @example.com}
email|{ｓａｍ８@example.com}
email|my mail is {sam.poe9@exаmple.com}
email|{sam dash poe10 at proton dot me}
email|correo electrónico {luz.rey@ejemplo.com.mx}
email|{luz punto rey1 arroba yahoo punto es}
email|escríbame a {luzrey2@ejemplo.com}
mrn|MRN {77120934}
mrn|Medical Record # {B7712094}
mrn|my mrn number is {771-2095}
mrn|chart no {7712096}
mrn|Chart: {CH-7712097}
mrn|patient # {77120988}
mrn|Patient ID: {PT7712099}
mrn|record number {77121001}
mrn|{77121012} is the MRN
mrn|patient account {7712102}
mrn|expediente {7712103}
mrn|número de historia {77121044}
insurance_id|Member ID: {U8801 22334}
insurance_id|member # {880122335}
insurance_id|subscriber number {MQA880122336}
insurance_id|Policy: {GHX-88012237}
insurance_id|policy no {8801-2238-01}
insurance_id|grp {88012-239}
insurance_id|group id {8801224}
insurance_id|ID on my insurance card: {YPP880122341}
insurance_id|our claim is {CLM88012242}
insurance_id|Medicaid number is {880122343}
insurance_id|dental insurance number {880122344}
insurance_id|poliza no. {88-01-22345}
insurance_id|número de miembro {MB8801246}
insurance_id|mi número de grupo es {8801247}
insurance_id|tarjeta sanitaria {BBBB880122481}
medicare_id|{4F66-GH7-JK88} medicare
medicare_id|Medicare ID {5K22MN3PQ44}
medicare_id|my mbi is {6r33-tu4-vw55}
medicare_id|HIC? now {7W44 XY5 AC66}
medicare_id|medicare card number {8Y55-AC6-DE77}
address|ship to {2201 Barton Springs Road}
address|home is {17B Willow Ct.}
address|{650 E 11th St, Unit 3}
address|I'm at {48 Old Mill Lane}
address|our place, {9021 Research Blvd Suite 120}, is near
address|my address {7400 south congress ave}
address|PO Box {99812}
address|{3 Cherry Tree Circle, Dallas, TX 75201}
address|living in {Pflugerville TX 78660-1234}
address|vivo en {Calle de Alcalá 200}
address|dirección: {Paseo de la Castellana 95}
name|My name is {Tobias Wren}
name|name's {Tobias}
name|Hello, my name is {Keiko Tanabe-Lowe}.
name|I am {Rutger Haldane}, a patient
name|I'm {Bronwyn Teague} and I'm late
name|this is {Farid Nazari} again
name|my daughter's name is {Calliope}
name|Name: {Ingrid Solheim}
name|the patient is called {Percival Stroud}
name|me llamo {Rosario}
name|mi nombre: {Leandro Quiroga}
name|soy {Pilar Echeverría}, gracias
name|mi hija se llama {Araceli Pardo}
`);

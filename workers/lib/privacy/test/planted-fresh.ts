import { plantedLines } from "./planted.ts";
import type { Planted } from "./planted.ts";

// As `planted.ts`, written by somebody who had not seen the rules; those that were missed then are found since.

export const PLANTED_FRESH: readonly Planted[] = plantedLines(`
ssn|My son's social is {412-68-1937}, do you need it?
ssn|SSN {412 68 1937}
ssn|social security number: {412681937}
ssn|mi número de seguro social es {512-44-9081}
mrn|her MRN is {00482917}
mrn|MRN#{4482917}
mrn|medical record number {10-29-3847}
mrn|patient id {AB-229471}
mrn|número de expediente {8827364}
mrn|historia clínica nº {772918}
insurance_id|our member id is {XYZ123456789}
insurance_id|Blue Cross ID {W2048 19384}
insurance_id|Insurance ID: {ABC 1029 3847 56}
insurance_id|policy number {88-1029384}
insurance_id|group number {0071892} on the card
medicare_id|Medicaid number is {1EG4-TE5-MK73}
insurance_id|número de póliza {55-920183}
insurance_id|mi número de miembro es {H48291038}
card|can I pay with {4111 1111 1111 1111} exp 09/28
card|card {378282246310005} amex
card|my card is {5555-5555-5555-4444} cvv 123
birth_date|he was born on {03/14/2019}
birth_date|DOB {3-14-19}
birth_date|dob: {2019-03-14}
birth_date|born {March 14th, 2019}
birth_date|her birthday is the {14th of March 2019}
birth_date|D.O.B. {14 Mar 2019}
birth_date|date of birth {march fourteenth two thousand nineteen}
birth_date|nació el {14 de marzo de 2019}
birth_date|fecha de nacimiento: {14/03/2019}
birth_date|su cumpleaños es el {3 de abril del 2018}
birth_date|birthdate is {Mar. 14 '19}
phone|call me at {(410) 555-0182}
phone|my cell is {410.555.0182}
phone|{4105550182} is my number
phone|+1 {410 555 0182 ext. 44}
phone|{410-555-0182 x204} please
phone|phone {410 - 555 - 0182}
phone|llámeme al +52 {55 1234 5678}
phone|mi teléfono es {55 12 34 56 78}
phone|mi móvil: {612 345 678}
phone|{four one zero five five five zero one eight two} is my phone
email|email me {jane.doe+kids@gmail.com}
email|{jane.doe @ gmail.com}
email|my email is {jane dot doe at gmail dot com}
email|{jane.doe at gmail.com} is best
email|mi correo es {juanperez arroba hotmail punto com}
email|{jane_doe[at]yahoo[dot]com}
address|we live at {1428 Elm Street}, Baltimore MD 21201
address|send it to {77 W. 23rd St} Apt 4B
address|my address is {PO Box 1182}
address|vivimos en {Calle Hidalgo 45}
name|my son is called {Ethan Kowalski} and has a fever
name|my daughter's name is {Maria}
name|mi hijo se llama {Diego Ramírez}
name|My name is {Jane O'Connor}
name|this is {Dorothy Whitfield}, I have a question
name|me llamo {Lucía Fernández de la Torre}
name|patient name: {Noah Williams}
name|my son {Ethan Kowalski} was there yesterday
name|my daughter {Maria} has fever
name|mi hija {Sofía} tiene fiebre
name|our 4-year-old son {Liam} needs a form
birth_date|born on the {fourteenth of march two thousand nineteen}
birth_date|nació el {catorce de marzo de dos mil diecinueve}
phone|my number is {five one two, five five five, oh one four seven}
phone|mi teléfono es {cinco uno dos cinco cinco cinco cero uno cuatro siete}
birth_date|dob {June 3 '18}
mrn|chart # {44-10-2931}
`);

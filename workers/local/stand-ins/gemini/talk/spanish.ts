import { words } from "../../../../lib/knowledge/terms.ts";

/** Words that a Spanish sentence has and an English one has not. */
const SPANISH_ONLY = new Set(
	`a al como con cual cuales cuando cuanto cuanta cuantos cuantas de del desde donde favor el ella es esta estan este hacen hay la las lo los me mi mis
	nos olvide para pero por porque puede pueden puedo que quien quiero se si sin son su sus te tengo tienen tiene un una usted ustedes y ya yo
	hola gracias necesito quisiera abren cierran aceptan ofrecen
	buenos buenas dias tardes noches muchas adios luego perfecto chao`.split(/\s+/),
);
/** Of these, words that are English or a name as well. */
const EITHER = new Set(["a", "me", "la", "es", "si", "son", "se", "te", "y", "por", "este"]);

/** What an English page would call it; a phrase of two words by the second. */
const ENGLISH: ReadonlyMap<string, string> = new Map(
	`
	horario hours|horarios hours|hora hours|horas hours|abren open|abierto open|abre open|cierran closed|sabado saturday|sabados saturday
	domingo sunday|domingos sunday|lunes monday|viernes friday|cita appointment|citas appointment|turno appointment|reservar book|pedir book
	reservo book|pido book|agendar book|cancelar cancel|cancelo cancel|cambiar change|cambio change|paciente patient|pacientes patient
	nuevo new|nuevos new|nueva new|nuevas new|aceptan accept|atienden treat|tratan treat|ninos children|nino child|nina child|hijo child|hija child|hijos children
	estacionar park|estaciono park|aparcar park|aparco park|estacionamiento parking|aparcamiento parking|coche car|carro car|auto car
	blanqueamiento whitening|blanquear whitening|dientes teeth|diente tooth|muela tooth|limpieza cleaning|dolor pain|duele pain|urgencia emergency
	emergencia emergency|corona crown|coronas crown|empaste filling|empastes filling|cuesta price|cuestan price|precio price|precios price|seguro insurance
	traer bring|llevar bring|traigo bring|llevo bring|ofrecen offer|servicios services|servicio services|donde where|direccion address
	contrasena password|clave password|restablecer reset|restablezco reset|olvide forgot|cambiarla reset|correo e-mail|enlace link|cuestionario questionnaire
	cuestionarios questionnaire|formulario questionnaire|completar complete|completo complete|llenar complete|lleno complete|relleno complete|rellenar complete|contestar answer|respuestas answers
	respuesta answer|ve see|ven see|ver see|telefono phone|movil phone|celular phone|tableta tablet|computadora computer|ordenador computer|idioma language|idiomas languages
	espanol spanish|gratis free|datos data|privacidad privacy|seguros safe|segura safe|tarda take|tardan take|dura take|tiempo minutes
	cuenta account|abrir open|tutor guardian|padre parent|madre parent|padres parents|clinica clinic|medico doctor|doctor doctor|medicinas medicines
	edad age|edades age|guardar save|seguir continue|borrar delete|ayuda help|contacto contact|sillas wheelchair|ruedas wheelchair|nervioso nervous|miedo afraid
	`
		.split(/[|\n]/)
		.map((pair) => pair.trim().split(" "))
		.flatMap(([spanish = "", english = ""]): [string, string][] => (spanish === "" ? [] : [[spanish, english]])),
);

/** Whether a visitor writes Spanish: by its own signs, or by two of its everyday words, or one alone among at most three. */
export function isSpanish(text: string): boolean {
	if (/[¿¡ñ]/i.test(text)) return true;
	const all = words(text);
	const hits = all.filter((word) => SPANISH_ONLY.has(word));
	const sure = hits.filter((word) => !EITHER.has(word));
	return sure.length > 0 && (hits.length >= 2 || all.length <= 3);
}

/** A Spanish question in such English words as its page may have; words that are not known stay. */
export function inEnglish(text: string): string {
	return words(text)
		.map((word) => ENGLISH.get(word) ?? (SPANISH_ONLY.has(word) ? "" : word))
		.filter((word) => word !== "")
		.join(" ");
}

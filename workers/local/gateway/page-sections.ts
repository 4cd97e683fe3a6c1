/** The parts of the page that show the product. Their ids are what page/*.ts fills. */

const QUESTIONS = ["What is CHADIS?", "How do I reset my password?", "Can I fill it in on my phone?"];

/** A customer's page, with the widget as a customer has it. The text is invented. */
export function siteSection(isStandIn: boolean): string {
	const model = isStandIn
		? "Gemini’s stand-in, which says so, except for curated answers, which need no model"
		: "Gemini";
	return `<section id="site" aria-labelledby="site-title">
<h2 id="site-title">On a customer’s page</h2>
<p>The button in the corner is the real widget, put there by one line; below is how it reads in production. It is answered by ${model}.</p>
<div class="window">
<p class="address"><span class="visually-hidden">Sample page at </span>chadis.example</p>
<div class="hero">
<div>
<p class="eyebrow">CHADIS</p>
<h3>Know how a child is doing before the visit begins</h3>
<p>Families answer a short questionnaire at home. The care team has the results when the door opens, and the visit goes to what matters.</p>
<p class="ask">Ask it, for example</p>
<ul>${QUESTIONS.map((question) => `<li>${question}</li>`).join("")}</ul>
</div>
${FORM_DRAWING}
</div>
</div>
<pre class="embed" tabindex="0" role="group" aria-label="The line that a customer adds in production">&lt;script src=&quot;https://chadis-chat.kobyai.workers.dev/widget.js&quot; data-site-key=&quot;sk_chadis_live_abc123&quot; async&gt;&lt;/script&gt;</pre>
</section>`;
}

const FORM_DRAWING = `<svg class="drawing" viewBox="0 0 220 200" aria-hidden="true" focusable="false">
<rect class="sheet" x="30" y="10" width="160" height="180" rx="14"/>
<rect class="ink" x="50" y="32" width="76" height="9" rx="4.5"/>
<rect class="faint" x="50" y="50" width="120" height="6" rx="3"/>
<circle class="mark" cx="59" cy="86" r="9"/><path class="tick" d="m55 86 3 3 6-6"/><rect class="faint" x="78" y="83" width="86" height="6" rx="3"/>
<circle class="mark" cx="59" cy="116" r="9"/><path class="tick" d="m55 116 3 3 6-6"/><rect class="faint" x="78" y="113" width="66" height="6" rx="3"/>
<circle class="open" cx="59" cy="146" r="8"/><rect class="faint" x="78" y="143" width="78" height="6" rx="3"/>
<rect class="faint" x="50" y="170" width="120" height="6" rx="3"/><rect class="ink" x="50" y="170" width="80" height="6" rx="3"/>
</svg>`;

export function voiceSection(isStandIn: boolean): string {
	const voice = isStandIn
		? "ElevenLabs’ stand-in plays soft notes, for about as long as the words would take."
		: "The clip is spoken by ElevenLabs, and its characters are charged.";
	return `<section id="voice" aria-labelledby="voice-title">
<h2 id="voice-title">The voice</h2>
<p>The text goes to the voice worker, and the clip plays here. ${voice}</p>
<form id="voice-form" class="card" novalidate>
<label for="voice-text">Text to speak</label>
<textarea id="voice-text" rows="3" maxlength="1000" aria-describedby="voice-count">Good morning, and welcome to CHADIS. How can I help you today?</textarea>
<div class="row"><button id="voice-button" type="submit">Speak</button><span id="voice-count" class="muted"></span></div>
<p id="voice-status" role="status"></p>
<div id="voice-result" hidden>
<audio id="voice-audio" controls aria-label="The spoken text"></audio>
<dl id="voice-facts" class="facts"></dl>
</div>
<noscript><p>This part takes JavaScript.</p></noscript>
</form>
</section>`;
}

export function dashboardSection(): string {
	return `<section id="dashboard" aria-labelledby="dashboard-title">
<h2 id="dashboard-title">The dashboard</h2>
<p>A view of what <code>/portal/*</code> answers, with a session token of whoever is chosen here.</p>
<div id="dashboard-controls" class="controls">
${choice(
	"dashboard-role",
	"Signed in as",
	"role",
	[
		["member", "Member"],
		["admin", "Admin"],
		["staff", "Staff"],
	],
	"admin",
)}
<div id="dashboard-client-field" class="field" hidden><label for="dashboard-client">Customer</label><select id="dashboard-client"></select></div>
${choice(
	"dashboard-days",
	"Days",
	"days",
	[
		["7", "7"],
		["30", "30"],
		["90", "90"],
	],
	"30",
)}
<button id="dashboard-refresh" type="button" class="quiet">Refresh</button>
</div>
<p id="dashboard-status" role="status"></p>
<div id="dashboard-view"></div>
<noscript><p>This part takes JavaScript.</p></noscript>
</section>`;
}

function choice(
	id: string,
	legend: string,
	name: string,
	options: [value: string, label: string][],
	first: string,
): string {
	const labels = options.map(
		([value, label]) =>
			`<label><input type="radio" name="${name}" value="${value}"${value === first ? " checked" : ""}><span>${label}</span></label>`,
	);
	return `<fieldset id="${id}"><legend>${legend}</legend><div class="segments">${labels.join("")}</div></fieldset>`;
}

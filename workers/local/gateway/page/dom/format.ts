const MICROS_PER_USD = 1_000_000;
const MS_PER_SECOND = 1000;

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const money = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const change = new Intl.NumberFormat("en", { style: "percent", signDisplay: "exceptZero", maximumFractionDigits: 0 });
const share = new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 2 });
// The portal’s days are UTC days, and are shown as such.
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });

export function count(value: number): string {
	return whole.format(value);
}

/** A count with its noun: "1 message", "2 messages". */
export function counted(value: number, noun: string): string {
	return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

export function usd(micros: number): string {
	return money.format(micros / MICROS_PER_USD);
}

/** Below ten seconds in ms, which is what people compare. */
export function duration(ms: number | null): string {
	if (ms === null) return "none yet";
	return ms < 10 * MS_PER_SECOND ? `${count(ms)} ms` : `${(ms / MS_PER_SECOND).toFixed(1)} s`;
}

export function percentChange(now: number, before: number): string {
	return change.format((now - before) / before);
}

export function percent(part: number, of: number): string {
	return share.format(of === 0 ? 0 : part / of);
}

/** @param date an instant, or a day as YYYY-MM-DD */
export function shortDay(date: string): string {
	return day.format(new Date(date));
}

const time = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const localDay = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });

/** Of today the time, of other days the day, as this machine has them. */
export function clock(iso: string, now: number): string {
	const at = new Date(iso);
	return at.toDateString() === new Date(now).toDateString() ? time.format(at) : localDay.format(at);
}

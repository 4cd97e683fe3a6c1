declare module "*.ts?raw" {
	const text: string;
	export default text;
}
declare module "*.example?raw" {
	const text: string;
	export default text;
}

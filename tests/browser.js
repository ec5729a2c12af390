/*
 * Opens pages in a headless browser, over a pipe, and says what is wrong.
 *
 *	node browser.js BROWSER AXE SHOTS PAGE...
 *
 * AXE is axe.min.js or "", SHOTS a folder for pictures or "".
 */
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');

const [browser, axe, shots, ...pages] = process.argv.slice(2);
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'browser-'));
const child = spawn(browser, ['--headless', '--remote-debugging-pipe',
	'--no-sandbox', '--disable-gpu', '--no-first-run',
	'--disable-dev-shm-usage', `--user-data-dir=${profile}`, 'about:blank'],
{ stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });

/* ---- the protocol: JSON with a NUL behind it, DevTools' domains ---------- */

let last = 0, rest = '';
const waiting = new Map();
let heard = () => {};

child.stdio[4].on('data', (piece) => {
	const messages = (rest + piece).split('\0');

	rest = messages.pop();
	for (const message of messages.map((text) => JSON.parse(text))) {
		if (message.id === undefined) {
			heard(message.method, message.params);
			continue;
		}
		const { resolve, reject } = waiting.get(message.id);
		waiting.delete(message.id);
		if (message.error)
			reject(new Error(message.error.message));
		else
			resolve(message.result);
	}
});

function ask(method, params = {}, sessionId = undefined) {
	const id = ++last;

	child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) +
	    '\0');
	return new Promise((resolve, reject) =>
		waiting.set(id, { resolve, reject }));
}

/* ---- one page ------------------------------------------------------------ */

/* Elements that a rule of axe-core objects to, one a line. */
async function violations(session) {
	const source = fs.readFileSync(axe, 'utf8');
	await ask('Runtime.evaluate', { expression: source }, session);
	const found = await ask('Runtime.evaluate', { awaitPromise: true,
		returnByValue: true, expression:
		'axe.run().then((r) => r.violations.flatMap((v) => v.nodes.map(' +
		'(n) => v.id + ": " + n.html.slice(0, 120))))' }, session);

	return found.result.value ?? [JSON.stringify(found)];
}

async function look(page, scheme) {
	const url = `file://${page}`, wrong = [];
	const { targetId } = await ask('Target.createTarget',
	    { url: 'about:blank' });
	const { sessionId } = await ask('Target.attachToTarget',
	    { targetId, flatten: true });
	const loaded = new Promise((resolve) => {
		heard = (method, about) => {
			if (method === 'Network.requestWillBeSent' &&
			    about.request.url !== url &&
			    !about.request.url.startsWith('data:'))
				wrong.push(`asks for ${about.request.url}`);
			if (method === 'Log.entryAdded')
				wrong.push(`console: ${about.entry.text}`);
			if (method === 'Runtime.consoleAPICalled')
				wrong.push('console: ' +
				    JSON.stringify(about.args));
			if (method === 'Runtime.exceptionThrown')
				wrong.push(about.exceptionDetails.text);
			if (method === 'Page.loadEventFired')
				resolve();
		};
	});

	for (const domain of ['Page', 'Network', 'Runtime', 'Log'])
		await ask(`${domain}.enable`, {}, sessionId);
	await ask('Emulation.setEmulatedMedia', { features:
		[{ name: 'prefers-color-scheme', value: scheme }] }, sessionId);
	await ask('Emulation.setDeviceMetricsOverride', { width: 1100,
		height: 1400, deviceScaleFactor: 1, mobile: false }, sessionId);
	await ask('Page.navigate', { url }, sessionId);
	await loaded;
	const wide = await ask('Runtime.evaluate', { returnByValue: true,
		expression: 'document.documentElement.scrollWidth > innerWidth' },
	sessionId);
	if (wide.result.value && page.endsWith('.html'))
		wrong.push('it is wider than the window');
	if (axe && page.endsWith('.html'))
		wrong.push(...await violations(sessionId));
	if (shots) {
		const shot = await ask('Page.captureScreenshot',
		    { captureBeyondViewport: true }, sessionId);
		fs.writeFileSync(path.join(shots,
		    `${path.basename(page)}-${scheme}.png`),
		Buffer.from(shot.data, 'base64'));
	}
	await ask('Target.closeTarget', { targetId });
	return wrong;
}

async function main() {
	for (const page of pages)
		for (const scheme of ['light', 'dark']) {
			const wrong = await look(page, scheme);
			const what = `${path.basename(page)}, ${scheme}`;

			console.log(wrong.length > 0 ? `not ok ${what}` :
			    `ok ${what}`);
			wrong.forEach((why) => console.log(`# ${why}`));
			process.exitCode ||= wrong.length > 0 ? 1 : 0;
		}
}

// Its own children may write there for a moment longer.
function tidy(tries) {
	try {
		fs.rmSync(profile, { recursive: true, force: true });
	} catch (error) {
		if (tries > 0)
			setTimeout(tidy, 250, tries - 1);
	}
}

main().catch((error) => {
	console.log(`not ok browser: ${error.message}`);
	process.exitCode = 1;
}).finally(() => {
	child.on('exit', () => tidy(20));
	child.kill();
});

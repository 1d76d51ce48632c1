// look.js - what is wrong with the page that is open, as it is laid out now: a
// list of sentences.  Evaluated by tests/page/run through the browser's own
// protocol; a page has no script.
(() => {
	const wrong = [];
	const all = [...document.querySelectorAll('*')];
	const name = e => e.tagName + '.' + (e.getAttribute('class') || '') +
	    ' "' + e.textContent.trim().slice(0, 40) + '"';

	const luminance = rgb => {
		const part = rgb.map(v => {
			v /= 255;
			return v <= 0.03928 ? v / 12.92 :
			    ((v + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
	};
	const rgb = s => (s.match(/[\d.]+/g) || []).map(Number);
	const behind = e => {
		for (; e !== null; e = e.parentElement) {
			const c = rgb(getComputedStyle(e).backgroundColor);
			if (c.length === 3 || c[3] > 0)
				return c.slice(0, 3);
		}
		return [255, 255, 255];
	};
	const contrast = (a, b) => {
		const [x, y] = [luminance(a), luminance(b)].sort();
		return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
	};

	// Nothing that runs, loads or leaves.
	if (document.scripts.length > 0)
		wrong.push('there is a script');
	for (const r of performance.getEntriesByType('resource'))
		wrong.push('it loads ' + r.name);
	if (document.querySelector('meta[http-equiv="Content-Security-Policy"]')
	    === null)
		wrong.push('it has no policy');
	if (all.length > 40000)
		wrong.push(all.length + ' elements');

	// Nothing is wider than the window.
	const wide = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > wide)
		wrong.push('it is ' + document.documentElement.scrollWidth +
		    ' wide, and the window ' + wide);
	for (const e of all) {
		const b = e.getBoundingClientRect();
		if (b.width > 0 && b.right > wide + 1 &&
		    e.closest('svg.defs, thead') === null)
			wrong.push(name(e) + ' ends at ' + b.right);
	}

	// Whoever does not see a picture is told what it shows.
	for (const svg of document.querySelectorAll('svg')) {
		if (svg.getAttribute('aria-hidden') === 'true')
			continue;
		if (svg.getAttribute('role') !== 'img' ||
		    !svg.getAttribute('aria-label'))
			wrong.push('a picture without a word: ' + name(svg));
		for (const g of svg.querySelectorAll('g'))
			if (!g.hasAttribute('transform') &&
			    g.querySelector('title') === null)
				wrong.push('a group without a title');
	}

	// No label is cut, or lies on another one.
	for (const svg of [...document.querySelectorAll('svg')].slice(0, 40)) {
		const view = svg.viewBox.baseVal, seen = [];
		if (svg.getBoundingClientRect().width === 0)
			continue;
		for (const t of svg.querySelectorAll('text')) {
			const b = t.getBBox();
			if (b.x < 0 || b.y < 0 || b.x + b.width > view.width ||
			    b.y + b.height > view.height)
				wrong.push('cut: ' + name(t));
			for (const o of seen)
				if (b.x < o.x + o.width &&
				    o.x < b.x + b.width &&
				    b.y + 3 < o.y + o.height &&
				    o.y + 3 < b.y + b.height)
					wrong.push('on another: ' + name(t));
			seen.push(b);
		}
	}

	// All text can be read.
	for (const e of all.slice(0, 4000)) {
		const own = [...e.childNodes].some(n =>
		    n.nodeType === 3 && n.data.trim() !== '');
		const style = getComputedStyle(e);
		if (!own || e.getBoundingClientRect().width === 0 ||
		    ['STYLE', 'TITLE', 'title'].includes(e.tagName))
			continue;
		const ink = rgb(e.tagName === 'text' ? style.fill :
		    style.color);
		const c = contrast(ink, behind(e));
		if (c < 4.5)
			wrong.push(name(e) + ' has a contrast of ' +
			    c.toFixed(1));
	}
	return {
		wrong: [...new Set(wrong)].slice(0, 10),
		elements: all.length,
		title: document.title,
		dark: luminance(behind(document.body)) < 0.2,
		text: document.body.innerText,
		open: document.querySelectorAll('details[open]').length,
		pictures: [...document.querySelectorAll('svg[role=img]')].map(
		    s => s.getAttribute('class')),
	};
})()

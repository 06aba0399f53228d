(function () {
  'use strict';
  var COLOURS = ['#D55E00', '#009E73', '#0072B2', '#E69F00', '#CC79A7', '#56B4E9', '#8C7561'];
  var SYMBOLS = ['circle', 'rect', 'triangle', 'diamond',
    'path://M0,0 L10,0 L5,9 Z', 'path://M5,0 L10,4 L8,10 L2,10 L0,4 Z', 'path://M0,4 H10 V6 H0 Z M4,0 H6 V10 H4 Z',
    'path://M0,1 L1,0 L10,9 L9,10 Z M9,0 L10,1 L1,10 L0,9 Z'];
  var DASHES = ['solid', [6, 4], [2, 3], [8, 3, 2, 3]];
  var DASHED = 'path://M0,4 H9 V6 H0 Z M13,4 H22 V6 H13 Z';
  var DOTTED = 'path://M0,4 H2 V6 H0 Z M5,4 H7 V6 H5 Z M10,4 H12 V6 H10 Z M15,4 H17 V6 H15 Z M20,4 H22 V6 H20 Z';
  var figures = JSON.parse(document.getElementById('figures').textContent);
  var charts = [];
  var printing = false;

  function dark() {
    return !printing && window.matchMedia('(prefers-color-scheme: dark)').matches;
  }

  function number(v) {
    if (v === null || v === undefined) { return ''; }
    var size = Math.abs(v);
    return size !== 0 && (size < 0.001 || size >= 1e6) ? v.toExponential(2) : String(+v.toPrecision(4));
  }

  function axis(description, grid, narrow) {
    var a = { gridIndex: grid, name: description.title, nameLocation: 'middle', nameTextStyle: { fontSize: 12 }, axisLabel: { fontSize: 11, hideOverlap: false } };
    if (description.scale === 'STEPS') {
      a.type = 'value'; a.min = -0.5; a.max = description.steps.length - 0.5; a.interval = 0.5;
      a.splitLine = { show: false };
      a.axisTick = { show: false };
      a.axisLabel.rotate = description.steps.join('').length > narrow ? 40 : 0;
      a.axisLabel.formatter = function (v) { return Number.isInteger(v) && description.steps[v] !== undefined ? description.steps[v] : ''; };
    } else if (description.scale === 'LOG') {
      a.type = 'log'; a.axisLabel.formatter = number;
    } else {
      a.type = 'value'; a.scale = true; a.axisLabel.formatter = number;
    }
    return a;
  }

  function bars(line, panel, index, count, colour) {
    var dodge = panel.x.scale === 'STEPS' ? (index - (count - 1) / 2) * Math.min(0.05, 0.5 / count) : 0;
    var data = line.points.filter(function (p) { return p.low !== null && p.high !== null; }).map(function (p) {
      return [p.x + dodge, panel.y.scale === 'LOG' ? Math.max(p.low, p.y / 100) : p.low, p.high];
    });
    return {
      dodge: dodge, data: data,
      renderItem: function (params, api) {
        var low = api.coord([api.value(0), api.value(1)]);
        var high = api.coord([api.value(0), api.value(2)]);
        var style = { stroke: colour, lineWidth: 1, fill: null };
        function stroke(x1, y1, x2, y2) { return { type: 'line', shape: { x1: x1, y1: y1, x2: x2, y2: y2 }, style: style }; }
        return { type: 'group', children: [stroke(low[0], low[1], low[0], high[1]),
          stroke(low[0] - 3, low[1], low[0] + 3, low[1]), stroke(low[0] - 3, high[1], low[0] + 3, high[1])] };
      }
    };
  }

  // Panels of one title of the y axis share its range, as on paper.
  function ranges(figure) {
    var found = {};
    figure.panels.forEach(function (panel) {
      var values = panel.references.map(function (r) { return r.y; });
      panel.lines.forEach(function (l) { l.points.forEach(function (p) { values.push(p.y, p.low, p.high); }); });
      values = values.filter(function (v) { return v !== null && (panel.y.scale !== 'LOG' || v > 0); });
      var range = found[panel.y.title] || [Infinity, -Infinity];
      found[panel.y.title] = [Math.min.apply(null, values.concat(range[0])), Math.max.apply(null, values.concat(range[1]))];
    });
    return found;
  }

  function options(figure, width) {
    var ink = dark() ? '#e8e6e3' : '#1a1a1a';
    var faint = dark() ? '#3a3d40' : '#e4e4e4';
    var wide = width >= 720 && figure.panels.length > 1;
    var columns = wide ? 2 : 1;
    var rows = Math.ceil(figure.panels.length / columns);
    var names = [];
    figure.panels.forEach(function (p) { p.lines.forEach(function (l) { if (names.indexOf(l.name) < 0) { names.push(l.name); } }); });
    var references = [];
    var icons = {};
    figure.panels.forEach(function (p) { p.references.forEach(function (r) { if (references.indexOf(r.name) < 0) { references.push(r.name); icons[r.name] = (r.stroke + 1) % DASHES.length === 2 ? DOTTED : DASHED; } }); });
    var letters = names.concat(references).reduce(function (sum, n) { return sum + 7 * n.length + 45; }, 0);
    var legendHeight = 24 * Math.ceil(letters / Math.max(200, width - 20)) + 10;
    var option = { animation: false, color: COLOURS, textStyle: { color: ink, fontFamily: 'system-ui, sans-serif' }, aria: { enabled: true, label: { description: figure.title + '. ' + figure.caption } },
      tooltip: { trigger: 'item', confine: true, backgroundColor: dark() ? '#202326' : '#fff', textStyle: { color: ink } },
      legend: { bottom: 0, left: 'center', type: 'plain', data: names.concat(references.map(function (r) { return { name: r, icon: icons[r] }; })), textStyle: { color: ink }, itemWidth: 28 },
      grid: [], xAxis: [], yAxis: [], series: [], title: [] };
    var range = ranges(figure);
    var panelHeight = 290;
    figure.panels.forEach(function (panel, i) {
      var column = i % columns, row = Math.floor(i / columns);
      var left = column * width / columns + 70;
      var panelWidth = width / columns - 90;
      option.grid.push({ left: left, width: panelWidth, top: row * panelHeight + 40, height: panelHeight - 100 });
      option.title.push({ text: panel.title, left: left, top: row * panelHeight + 8, textStyle: { fontSize: 13, color: ink, width: panelWidth, overflow: 'break' } });
      var x = axis(panel.x, i, panelWidth / 9);
      x.nameGap = x.axisLabel.rotate ? 50 : 28;
      var y = axis(panel.y, i, 1000);
      y.nameGap = 52;
      [x, y].forEach(function (a) { a.axisLine = { show: true, onZero: false, lineStyle: { color: ink } }; a.axisLabel.color = ink; a.nameTextStyle.color = ink; a.splitLine = a.splitLine || { lineStyle: { color: faint } }; });
      x.splitLine = { show: false };
      var ends = range[panel.y.title];
      if (panel.y.scale === 'LINEAR' && isFinite(ends[0])) {
        var room = (ends[1] - ends[0]) * 0.05 || Math.abs(ends[0]) * 0.1 || 1;
        y.min = ends[0] >= 0 ? Math.max(0, ends[0] - room) : ends[0] - room;
        y.max = ends[1] + room;
        y.axisLabel.showMinLabel = false; y.axisLabel.showMaxLabel = false;
      } else if (panel.y.scale === 'LOG' && isFinite(ends[0])) {
        y.min = Math.pow(10, Math.floor(Math.log10(ends[0]))); y.max = Math.pow(10, Math.ceil(Math.log10(ends[1])));
      }
      option.xAxis.push(x); option.yAxis.push(y);
      panel.lines.forEach(function (line, index) {
        var colour = COLOURS[line.colour % COLOURS.length];
        var error = bars(line, panel, index, panel.lines.length, colour);
        option.series.push({ name: line.name, type: line.mark === 'JOINED' ? 'line' : 'scatter', xAxisIndex: i, yAxisIndex: i, symbol: SYMBOLS[line.colour % SYMBOLS.length], symbolSize: 8,
          itemStyle: { color: colour }, lineStyle: { color: colour, type: DASHES[line.stroke % DASHES.length], width: 2 },
          data: line.points.map(function (p) { return { value: [p.x + error.dodge, p.y], label2: p.label, low: p.low, high: p.high, at: p.x }; }),
          tooltip: { formatter: function (item) {
            var at = panel.x.scale === 'STEPS' ? panel.x.steps[item.data.at] : number(item.data.at);
            var text = [item.seriesName + ', ' + at, panel.y.title + ': ' + number(item.value[1])];
            if (item.data.low !== null && item.data.high !== null) { text.push('[' + number(item.data.low) + ', ' + number(item.data.high) + ']'); }
            if (item.data.label2) { text.push(item.data.label2); }
            return text.map(function (t) { return echarts.format.encodeHTML(t); }).join('<br>');
          } } });
        if (error.data.length) {
          option.series.push({ name: line.name, type: 'custom', xAxisIndex: i, yAxisIndex: i, renderItem: error.renderItem, data: error.data, encode: { x: 0, y: [1, 2] }, silent: true, tooltip: { show: false }, itemStyle: { color: colour }, z: 1 });
        }
      });
      panel.references.forEach(function (r) {
        var from = panel.x.scale === 'STEPS' ? -0.5 : null;
        if (from === null) { return; }
        option.series.push({ name: r.name, type: 'line', xAxisIndex: i, yAxisIndex: i, symbol: 'none', silent: true, data: [[-0.5, r.y], [panel.x.steps.length - 0.5, r.y]],
          itemStyle: { color: dark() ? '#b0aca6' : '#444444' }, lineStyle: { color: dark() ? '#b0aca6' : '#444444', type: DASHES[(r.stroke + 1) % DASHES.length], width: 1.3 } });
      });
    });
    return { option: option, height: rows * panelHeight + legendHeight };
  }

  function draw(figure) {
    var element = document.getElementById('chart-' + figure.id);
    var width = Math.max(320, element.clientWidth || 900);
    var made = options(figure, width);
    element.style.height = made.height + 'px';
    var chart = echarts.getInstanceByDom(element) || echarts.init(element, null, { renderer: 'svg', width: width, height: made.height });
    chart.resize({ width: width, height: made.height });
    chart.setOption(made.option, true);
    return chart;
  }

  function drawAll() {
    charts = figures.map(draw);
    document.documentElement.setAttribute('data-charts', String(charts.length));
  }

  figures.forEach(function (figure) {
    document.getElementById('save-' + figure.id).addEventListener('click', function () {
      var svg = document.querySelector('#chart-' + figure.id + ' svg').cloneNode(true);
      svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
      var link = document.createElement('a');
      link.href = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(new XMLSerializer().serializeToString(svg));
      link.download = figure.id + '.svg';
      link.click();
    });
  });
  drawAll();
  var waiting;
  window.addEventListener('resize', function () { clearTimeout(waiting); waiting = setTimeout(drawAll, 150); });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  window.addEventListener('beforeprint', function () { printing = true; drawAll(); });
  window.addEventListener('afterprint', function () { printing = false; drawAll(); });
})();

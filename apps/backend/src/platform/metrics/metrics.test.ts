import { describe, expect, it } from 'vitest';
import { createMetrics, observeProcess } from './index.ts';

describe('metrics', () => {
  it('print counters and gauges with their labels', () => {
    const metrics = createMetrics();
    const answers = metrics.counter('answers_total', 'Answers.', ['route', 'status']);
    answers.cell('/a', '200').add();
    answers.cell('/a', '200').add(2);
    metrics.gauge('depth', 'Depth.').cell().set(7);
    expect(metrics.text()).toBe(
      '# HELP answers_total Answers.\n# TYPE answers_total counter\n' +
        'answers_total{route="/a",status="200"} 3\n' +
        '# HELP depth Depth.\n# TYPE depth gauge\ndepth 7\n',
    );
  });

  it('print histograms cumulatively', () => {
    const metrics = createMetrics();
    const cell = metrics.histogram('wait_seconds', 'Wait.', ['to'], [0.1, 1]).cell('api');
    for (const value of [0.05, 0.1, 0.5, 9]) cell.observe(value);
    expect(metrics.text().split('\n').slice(2, -1)).toEqual([
      'wait_seconds_bucket{to="api",le="0.1"} 2',
      'wait_seconds_bucket{to="api",le="1"} 3',
      'wait_seconds_bucket{to="api",le="+Inf"} 4',
      'wait_seconds_sum{to="api"} 9.65',
      'wait_seconds_count{to="api"} 4',
    ]);
  });

  it('stay bounded when labels are not', () => {
    const metrics = createMetrics();
    const counter = metrics.counter('hits_total', 'Hits.', ['who']);
    for (let at = 0; at < 2000; at += 1) counter.cell(`visitor ${String(at)}`).add();
    expect(metrics.text().split('\n').length).toBeLessThan(510);
    expect(counter.cell('somebody new').value).toBe(1500);
  });

  it('escape what a label could break out with', () => {
    const metrics = createMetrics();
    metrics.counter('odd_total', 'Odd.', ['text']).cell('a"} 1\nfake 2\\').add();
    expect(metrics.text()).toContain('odd_total{text="a\\"} 1\\nfake 2\\\\"} 1\n');
  });

  it('refuse a second metric of one name', () => {
    const metrics = createMetrics();
    metrics.gauge('depth', 'Depth.');
    expect(() => metrics.counter('depth', 'Again.')).toThrow('metric depth exists');
  });

  it('tell memory and delay of the process', () => {
    const metrics = createMetrics();
    const stop = observeProcess(metrics, '1.2.3');
    expect(metrics.text()).toContain('build_info{version="1.2.3"} 1');
    expect(metrics.text()).toMatch(/process_resident_memory_bytes \d{6,}/);
    expect(metrics.text()).toMatch(/event_loop_delay_p99_seconds \d/);
    stop();
  });
});

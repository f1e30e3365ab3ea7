/** The page of one trace. */
import { useMemo } from 'preact/hooks';
import { findFamily, findRuleSet } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import type { TracePage as Data } from '../report/page-data.js';
import { scheduleOf } from '../story/branch.js';
import { shown } from '../story/shown-text.js';
import { storyOf } from '../story/story.js';
import { Copy, Theme } from './buttons.js';
import type { Run } from './run.js';
import { TableView } from './table-view.js';
import { TraceView } from './trace-view.js';

export function TracePage({ data }: { readonly data: Data }) {
  const { trace, boundsInWords, replay, unexplorable } = data;
  const subject = useMemo(() => subjectOf(data), []);
  const run = useMemo(() => runOfFile(data, subject), []);
  return (
    <main class="trace">
      <header>
        <div>
          <h1>
            {shown(trace.model)}
            {trace.rules !== '' && (
              <>
                {' '}
                <span class="faint">with rules</span> {shown(trace.rules)}
              </>
            )}
            {': '}
            <span class={run.mark === 'violated' ? 'bad' : ''}>{shown(trace.claim)}</span>
          </h1>
          <p>
            {shown(trace.says)} {trace.source !== '' && <span class="faint">{shown(trace.source)}</span>}
          </p>
          {run.explanation !== null && <p class="why">✗ {shown(run.explanation)}</p>}
          <p class="faint">{shown(boundsInWords)}</p>
          {trace['#'] !== undefined && <p class="faint"># {shown(trace['#'])}</p>}
          {unexplorable !== null && <p class="notice">{shown(unexplorable)}</p>}
        </div>
        <div class="tools">
          <Copy text={replay} label="Copy the replay command" />
          <Theme />
        </div>
      </header>
      {data.table === null ? (
        <TraceView subject={subject} initial={run} />
      ) : (
        <TableView trace={trace} rows={data.table} />
      )}
    </main>
  );
}

/** The model of the trace, if the page may run it. */
function subjectOf({ trace, bounds, unexplorable }: Data): Case | null {
  const [family, ruleSet] = [findFamily(trace.model), findRuleSet(trace.rules)];
  return unexplorable !== null || family === undefined || ruleSet === undefined
    ? null
    : caseOf(family, bounds, ruleSet);
}

function runOfFile({ trace, bounds, sentences, shows, explanation }: Data, subject: Case | null): Run {
  const setting = { family: findFamily(trace.model), bounds };
  return {
    trace,
    words: sentences,
    story: storyOf(setting, trace, sentences),
    schedule: subject === null ? null : scheduleOf(subject, trace),
    mark: shows,
    explanation,
    origin: 'file',
  };
}

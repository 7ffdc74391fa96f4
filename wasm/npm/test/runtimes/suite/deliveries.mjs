import { same } from './expect.mjs'

/** One delivery, attempt by attempt, as every trace says, kept as text between the steps too; and published schedules. */
export function deliveries({ deliveries, schedules }) {
  return [
    ...deliveries.map((trace) => ({
      id: trace.id,
      check({ sender }) {
        replay(sender, trace, (delivery) => delivery)
        replay(sender, trace, (delivery) => sender.Delivery.fromJSON(JSON.parse(JSON.stringify(delivery))))
      },
    })),
    ...schedules.map((published) => ({
      id: `schedule-of-${published.provider}`,
      check: ({ sender }) => compare(sender.retrySchedule(published.provider), published),
    })),
  ]
}

function replay({ Delivery }, { delivery: start, steps, log }, kept) {
  let delivery = new Delivery({
    provider: start.provider,
    delaysMillis: start.delays_millis,
    timeLimitMillis: start.time_limit_millis,
    acknowledgement: start.acknowledgement,
    dueMillis: start.due_millis,
  })
  let jitter
  steps.forEach((step, i) => {
    delivery = kept(delivery)
    const place = `step ${i + 1}`
    switch (step.do) {
      case 'next':
        return same(delivery.next(step.at_millis), nextOf(step.gives), place)
      case 'record': {
        const applied = delivery.record(step.attempt, step.at_millis, step.outcome, jitter)
        return same(applied ? 'applied' : 'ignored', step.gives, place)
      }
      case 'resend':
        return delivery.resend()
      case 'jitter':
        return (jitter = step.per_mille)
      default:
        throw new Error(`${place}: ${step.do} is no step`)
    }
  })
  const entries = log.map(({ number, ended_millis: endedMillis, outcome, by_hand: byHand }) => {
    return { number, endedMillis, outcome, byHand }
  })
  same(delivery.log, entries, 'log')
}

/** What `next` gives where a trace says this. */
function nextOf({ send, wait, done }) {
  if (send) return { do: 'send', attempt: send.attempt, deadlineMillis: send.deadline_millis }
  return wait ? { do: 'wait', untilMillis: wait.until_millis } : { do: 'done', conclusion: done }
}

function compare(found, { retries, schedule, time_limit_secs: limit }) {
  const delays = retries === 'never' ? [] : schedule?.delays_secs
  same(found.retries, retries, 'retries')
  same(found.timeLimitMillis, limit === null ? undefined : limit * 1000, 'time limit')
  same(found.delaysMillis, delays?.map((secs) => secs * 1000), 'delays')
  same(found.totalMillis, delays && (schedule?.total_secs ?? 0) * 1000, 'total')
}

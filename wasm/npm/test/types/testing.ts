import * as fc from 'fast-check'
import { arbitraries, signedRequest, turnstayEvent, turratechEvent } from 'hookproof/testing'

const payment = turratechEvent('payment.succeeded', { livemode: true, data: { object: { amount: 5 } } })
payment.data.object.amount.toFixed()
// @ts-expect-error an amount is a number
turratechEvent('payment.succeeded', { data: { object: { amount: '5' } } })
// @ts-expect-error no type of TurraTech's
turratechEvent('payment.suceeded')
turnstayEvent('merchant_of_record.payment_intent.succeeded').data.object.billing_currency.toLowerCase()

const { request, headers } = signedRequest({ event: payment, secret: 'whsec_1' })
headers['turratech-signature']?.length
request.text().then((text) => text.length)

const { history, turratechEvent: anyEvent } = arbitraries(fc)
fc.assert(fc.property(history(anyEvent()), ({ deliveries }) => deliveries.every((event) => event.id !== '')))

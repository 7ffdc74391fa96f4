// A type that TurraTech adds can be added here too.
import { constructEvent } from 'hookproof'

declare module 'hookproof' {
  interface TurraTechObjects {
    'order.paid': { readonly id: string; readonly lines: number }
  }
}

const event = constructEvent('', '', '')
if (event.type === 'order.paid') event.data.object.lines.toFixed()

/**
 * Currencies whose minor unit is not the hundredth: code → number of decimals.
 * Source: ISO 4217 list one as published 2024-06-25, as kept in freeall/currency-codes:iso-4217-list-one.xml
 */
const exceptions: { readonly [code: string]: number } = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
}

/** The currencies and funds of the same list that have two decimals, and XCG, which replaced ANG on 2025-03-31. */
const hundredths = `
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL
MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN
QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD
TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
`

/**
 * How many decimals the currency's minor unit has by ISO 4217: 0 for JPY, 2 for EUR, 3 for KWD, 4 for CLF. `undefined`
 * for anything else: unknown and withdrawn codes, lower case, and what has no minor unit (gold `XAU`, test `XTS`).
 */
export function currencyExponent(code: string): number | undefined {
  if (Object.hasOwn(exceptions, code)) return exceptions[code]
  return /^[A-Z]{3}$/.test(code) && hundredths.includes(code) ? 2 : undefined
}

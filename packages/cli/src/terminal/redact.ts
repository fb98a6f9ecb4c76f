/** Shorter texts would blank out ordinary words. No vendor's credential is that short. */
const shortestSecret = 6

/** Replaces secrets by `***`, in plain form and as they stand in JSON, URLs and Basic credentials. */
export interface Redactor {
  hide(secret: string): void
  clean(text: string): string
}

export function createRedactor(): Redactor {
  const forms = new Set<string>()
  return {
    hide(secret) {
      if (secret.length < shortestSecret) return
      forms.add(secret)
      forms.add(JSON.stringify(secret).slice(1, -1))
      forms.add(encodeURIComponent(secret))
      for (const basic of [`${secret}:`, `:${secret}`, secret])
        forms.add(Buffer.from(basic).toString('base64'))
    },
    clean(text) {
      let cleaned = text
      for (const form of forms) cleaned = cleaned.replaceAll(form, '***')
      return cleaned
    },
  }
}

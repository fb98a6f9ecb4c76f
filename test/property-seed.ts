import { fc } from '@fast-check/vitest'

/** Every property-based test tries the same cases, so that what lands is what was tried. */
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED']) })

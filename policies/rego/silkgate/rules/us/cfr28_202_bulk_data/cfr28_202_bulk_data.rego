# METADATA
# title: US bulk sensitive personal data
# description: |
#   Data collected in or sent from the United States is not given to a country of concern; removing names
#   or encrypting does not help. Volumes are not known here, so the origin alone decides.
# custom:
#   zh: 源自美国的数据不得提供给受关注国家，去标识化或加密亦不例外
#   citation: 28 CFR 202.205, 202.206
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.us.cfr28_202_bulk_data

import data.silkgate.facts

deny contains _reason if {
	"US" in {input.origin, input.collected_in}
	input.destination in data.silkgate.countries_of_concern.codes
	some kind in facts.found
	facts.personal(kind)
}

_reason := {
	"code": "us.28cfr202",
	"en": "Personal data of US origin must not be given to a country of concern.",
	"zh": "源自美国的个人数据不得提供给受关注国家。",
	"citation": "28 CFR 202.205, 202.206",
}

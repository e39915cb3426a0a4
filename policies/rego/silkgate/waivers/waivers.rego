# METADATA
# title: Waivers
# description: |
#   The company may lift a denial that we marked as waivable, in writing and for a time. A waiver
#   without a name, a reason and an end does not count.
# custom:
#   zh: 企业可就标注为可豁免的拒绝事由书面、限期豁免
package silkgate.waivers

import data.silkgate.validity

in_force[code] := waiver if {
	some code, waiver in data.silkgate.overlay.waivers
	code in data.silkgate.waivable.codes
	is_string(waiver.by)
	waiver.by != ""
	is_string(waiver.why)
	waiver.why != ""
	validity.is_date(waiver.until)
	waiver.until >= input.at
}

# METADATA
# description: What the log says when a waiver lifted `code`.
reason(code) := {
	"code": concat("", ["waiver.", code]),
	"en": concat("", ["Waived by ", waiver.by, " until ", waiver.until, ": ", waiver.why]),
	"zh": concat("", ["由", waiver.by, "豁免至", waiver.until, "：", waiver.why]),
	"citation": "data.silkgate.overlay.waivers",
} if {
	waiver := in_force[code]
}

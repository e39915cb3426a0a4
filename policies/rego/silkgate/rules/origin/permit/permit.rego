# METADATA
# title: Permits of the origin
# description: |
#   Some origins let nothing out without a permit of their own. Until its number is recorded as a waiver,
#   a return flow from there is denied.
# custom:
#   zh: 部分来源地须先取得许可，未登记许可前拒绝回传
#   citation: Egypt Law 151/2020; Tanzania PDPA 2022; Tunisia Law 2004-63; Rwanda Law 058/2021
#   confidence: B/K
#   checked: "2026-11-22"
package silkgate.rules.origin.permit

import data.silkgate.facts
import data.silkgate.settings

deny contains _reason if {
	input.origin in settings.permit_origins
	some kind in facts.found
	facts.personal(kind)
}

needs contains "overlay.waivers" if input.origin in settings.permit_origins

_reason := {
	"code": "origin.permit_missing",
	"en": "This origin lets personal data out only under a permit of its own, and none is recorded.",
	"zh": "该来源地要求先取得出境许可，尚未登记。",
	"citation": "law of the origin",
}

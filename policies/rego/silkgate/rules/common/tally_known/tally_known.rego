# METADATA
# title: Known counts
# description: |
#   Without this year's counts it cannot be told which route the volume requires.
# custom:
#   zh: 缺少当年累计人数即无法判断所需路径
#   citation: CAC Order 16 arts 5, 7, 8
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.common.tally_known

import data.silkgate.counting
import data.silkgate.tally

review contains _reason if _unknown

needs contains "bands" if _unknown

default _unknown := false

_unknown if {
	input.origin == "CN"
	counting.any
	not tally.known
}

_reason := {
	"code": "tally.unknown",
	"en": "This year's counts of persons are not known, so the route the volume requires is not known either.",
	"zh": "当年累计人数未知，无法判断所需的出境路径。",
	"citation": "CAC Order 16 arts 5, 7, 8",
}

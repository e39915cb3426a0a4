# METADATA
# title: Approvals of reviews
# description: |
#   Which reasons for a review persons have settled for this export. An approval lifts a review and
#   nothing else: what is denied, or has no exemption or mechanism to carry it, stays.
# custom:
#   zh: 人工复核通过仅解除复核理由，不解除禁止，也不替代法定出境路径
#   citation: PIPL art 51
package silkgate.approvals

import data.silkgate.settings

given contains approval.code if {
	some approval in object.get(input, "approvals", [])
	approval.persons >= _needed(approval.code)
}

_needed(code) := 2 if {
	code in settings.two_person_reviews
} else := 1

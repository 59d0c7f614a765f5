/* Columns of the operations on people: rows of the table in operations.c. */
#ifndef TRACETRACK_CORE_PEOPLE_COLUMNS_H
#define TRACETRACK_CORE_PEOPLE_COLUMNS_H

#include <tracetrack/column.h>

extern const struct tt_column params_user_list[], result_user[], params_user_login[],
	result_user_show[], params_user_write[], result_user_write[], params_user_edit[],
	params_user_role[], params_user_area[], params_user_disable[], params_user_reset[],
	result_user_reset[], result_user_badge[], params_user_promote[], result_user_promote[],
	params_user_requests[], result_user_requests[], params_user_decide[], result_user_decide[],
	params_session_list[], result_session_list[], params_session_revoke[],
	result_session_revoke[], params_session_password[], params_session_pin[], result_proved[],
	params_totp_enrol[], result_totp_enrol[], params_totp[], result_totp_confirm[],
	result_totp_codes[], params_totp_disable[], params_user_create[], result_user_create[],
	params_challenge[], params_login[], params_unlock[], result_session[];

#endif

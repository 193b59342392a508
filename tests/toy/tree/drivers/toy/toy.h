/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What user space and the toy device have in common, and its module.
 */
#ifndef TOY_H
#define TOY_H

#define TOY_ASK	   1 /* ioctl: argument is added to the answer */
#define TOY_FETCH  1 /* URING_CMD: completes with the number of a question */
#define TOY_COMMIT 2 /* URING_CMD: struct toy_commit in the SQE */

struct toy_commit {
	unsigned int question, answer;
};

int toy_init(void);
void toy_exit(void);

#endif /* TOY_H */

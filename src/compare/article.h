/* article.h - what the article's list leaves out. Private to src/compare. */
#ifndef COMPARE_ARTICLE_H
#define COMPARE_ARTICLE_H

enum { ARTICLE_EACH_MAX = 64 }; /* jobs; with more of them a worker each is left out, unless somebody asks for it */

#endif

import { wordsHold } from "#shared/testing/locales.ts";
import en from "./messages-en.ts";
import zh from "./messages-zh.ts";

wordsHold("console", zh, en);

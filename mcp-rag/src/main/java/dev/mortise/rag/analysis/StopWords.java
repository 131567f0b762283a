package dev.mortise.rag.analysis;

import java.util.Set;

/** Words that a question has because it is a question, or a sentence. */
public final class StopWords {
    private static final Set<String> WORDS = Set.of(
            ("a about after all also am an and any are as at be because been before but by can could did do does doing for from"
                            + " had has have having he her here him his how i if in into is it its just may me might my no nor"
                            + " not of off on or our out over own she should so some such than that the their them then there"
                            + " these they this those to too under until up us very was we were what when where which while"
                            + " who whom why will with would you your"
                            + " 的 了 吗 呢 吧 啊 嘛 是 在 和 与 或 及 把 被 让 给 为 对 从 到 就 也 都 还 又 要 想 会 能 不 有 没 没有 个"
                            + " 这 那 这个 那个 哪 哪个 哪些 什么 为什么 为啥 怎么 怎样 怎么样 如何 可以 能不能 可不可以 是否 是不是 应该"
                            + " 应当 多少 几 谁 何 我 你 您 他 她 它 我们 你们 他们 里 上 下 中 时 时候 以 之 其 所 而 但 但是 如果 请 请问 一个")
                    .split(" "));

    private StopWords() {}

    /** @param word in lower case, as it stands in the text */
    public static boolean contains(String word) {
        return WORDS.contains(word);
    }
}

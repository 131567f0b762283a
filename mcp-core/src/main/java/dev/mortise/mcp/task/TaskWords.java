package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Language;

/** What the owner of a task is told of its end, where its tool did not say. */
record TaskWords(Language language) {
    String died() {
        return language.of("The process that worked on it stopped before it was done.", "执行此任务的进程在完成之前停止了。");
    }

    String expired() {
        return language.of("Its time ran out before it was done.", "任务在完成之前已到时限。");
    }

    String shutDown() {
        return language.of("The server was shut down before it was done.", "服务器在任务完成之前关闭了。");
    }

    String cancelledByClient() {
        return language.of("The client cancelled it.", "客户端取消了任务。");
    }

    String endedByServer() {
        return language.of("The server ended it.", "服务器终止了任务。");
    }

    String cancelled() {
        return language.of("The task was cancelled.", "任务已取消。");
    }

    String couldNotGoOn() {
        return language.of("It could not go on.", "任务无法继续执行。");
    }

    String unwritable() {
        return language.of("Its result could not be written.", "任务的结果无法写出。");
    }

    String notFound() {
        return language.of("Task not found", "没有此任务");
    }

    String hasEnded(String status) {
        return language.of("This task cannot be cancelled: it has ended, as ", "任务已经结束，无法取消；其状态为 ") + status;
    }
}

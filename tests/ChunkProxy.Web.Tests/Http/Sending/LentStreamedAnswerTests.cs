namespace ChunkProxy.Web.Tests.Http.Sending;

public sealed class LentStreamedAnswerTests() : StreamedAnswerTests(lendMemory: true);

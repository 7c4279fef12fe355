namespace ChunkProxy.Web.Tests.Streaming;

public sealed class LentStreamedAnswerTests() : StreamedAnswerTests(lendMemory: true);

namespace ChunkProxy.Web.Tests.Streaming;

public sealed class CopiedStreamedAnswerTests() : StreamedAnswerTests(lendMemory: false);

namespace ChunkProxy.Web.Tests.Http.Sending;

public sealed class CopiedStreamedAnswerTests() : StreamedAnswerTests(lendMemory: false);

namespace ChunkProxy.Web.Tests.Responses;

public sealed class CopiedErrorAnswerTests() : ErrorAnswerTests(lendMemory: false);

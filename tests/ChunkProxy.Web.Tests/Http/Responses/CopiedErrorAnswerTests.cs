namespace ChunkProxy.Web.Tests.Http.Responses;

public sealed class CopiedErrorAnswerTests() : ErrorAnswerTests(lendMemory: false);

namespace ChunkProxy.Web.Tests.Http.Responses;

public sealed class LentErrorAnswerTests() : ErrorAnswerTests(lendMemory: true);

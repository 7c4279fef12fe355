namespace ChunkProxy.Web.Tests.Responses;

public sealed class LentErrorAnswerTests() : ErrorAnswerTests(lendMemory: true);

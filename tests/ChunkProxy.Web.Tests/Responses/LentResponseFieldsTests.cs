namespace ChunkProxy.Web.Tests.Responses;

public sealed class LentResponseFieldsTests() : ResponseFieldsTests(lendMemory: true);

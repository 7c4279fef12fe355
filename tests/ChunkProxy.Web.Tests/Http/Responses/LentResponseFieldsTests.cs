namespace ChunkProxy.Web.Tests.Http.Responses;

public sealed class LentResponseFieldsTests() : ResponseFieldsTests(lendMemory: true);

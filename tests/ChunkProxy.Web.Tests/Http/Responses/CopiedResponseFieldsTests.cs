namespace ChunkProxy.Web.Tests.Http.Responses;

public sealed class CopiedResponseFieldsTests() : ResponseFieldsTests(lendMemory: false);

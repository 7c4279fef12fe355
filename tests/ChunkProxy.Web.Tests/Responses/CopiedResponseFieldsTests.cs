namespace ChunkProxy.Web.Tests.Responses;

public sealed class CopiedResponseFieldsTests() : ResponseFieldsTests(lendMemory: false);

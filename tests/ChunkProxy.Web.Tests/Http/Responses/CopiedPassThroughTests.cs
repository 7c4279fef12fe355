namespace ChunkProxy.Web.Tests.Http.Responses;

public sealed class CopiedPassThroughTests() : PassThroughTests(lendMemory: false);

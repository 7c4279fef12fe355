namespace ChunkProxy.Web.Tests.Responses;

public sealed class CopiedPassThroughTests() : PassThroughTests(lendMemory: false);

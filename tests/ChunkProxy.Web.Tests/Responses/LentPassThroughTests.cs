namespace ChunkProxy.Web.Tests.Responses;

public sealed class LentPassThroughTests() : PassThroughTests(lendMemory: true);

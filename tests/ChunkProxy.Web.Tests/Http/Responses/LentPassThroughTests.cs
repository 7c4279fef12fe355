namespace ChunkProxy.Web.Tests.Http.Responses;

public sealed class LentPassThroughTests() : PassThroughTests(lendMemory: true);

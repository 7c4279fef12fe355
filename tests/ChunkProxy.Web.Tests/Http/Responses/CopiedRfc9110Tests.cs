namespace ChunkProxy.Web.Tests.Http.Responses;

public sealed class CopiedRfc9110Tests() : Rfc9110Tests(lendMemory: false);

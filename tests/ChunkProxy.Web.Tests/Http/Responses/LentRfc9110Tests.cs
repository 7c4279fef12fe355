namespace ChunkProxy.Web.Tests.Http.Responses;

public sealed class LentRfc9110Tests() : Rfc9110Tests(lendMemory: true);

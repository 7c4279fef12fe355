namespace ChunkProxy.Cache.Settings;

/// <summary>What others can make this process open, at most: the parts of its limit of open files.</summary>
/// <param name="ChunkFiles">Files of cached chunks that are open at one time.</param>
/// <param name="KeptFiles">Those of them that stay open between reads.</param>
/// <param name="Clients">Connections of clients.</param>
/// <param name="FromMembers">Connections of other members to this process.</param>
/// <param name="ToMembers">Connections of this process to other members.</param>
internal sealed record OpenFileShares(int ChunkFiles, int KeptFiles, int Clients, int FromMembers, int ToMembers);

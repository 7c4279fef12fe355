// A later change writes the topology; until then this says where to go.
Console.WriteLine("Start one node with: dotnet run --project ChunkProxy.Web -- -url http://origin.example/videos/ -dir cache");
